-- Reads links of the chain.
-- KEYS[1] the root   ARGV 1 first seq   2 limit   3 "1" for newest first
-- Returns seq, link, hash of the link before it, body, …: link and body as committed, empty where missing.
local root, call = KEYS[1], redis.call
local from, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local links, bodies = root .. ":links", root .. ":bodies"
-- A damaged state may hold links beyond its head: they are shown too, so that a check finds them.
local last = math.max(tonumber(call("HGET", root .. ":head", "seq") or "0"), 0)
local stored = call("HLEN", links)
if stored > last then last = stored end
local first, final, step = from, last, 1
if ARGV[3] == "1" then first, final, step = last, from, -1 end
-- Nor may a damaged head make this search for ever.
local reply, found, tries = {}, 0, limit + 10000
for seq = first, final, step do
  tries = tries - 1
  if found == limit or tries < 0 then break end
  local at = string.format("%.0f", seq)
  local link = call("HGET", links, at)
  if link then
    local n = #reply
    local before = seq > 1 and call("HGET", links, string.format("%.0f", seq - 1)) or ""
    reply[n + 1], reply[n + 2], reply[n + 3] = at, link, before
    reply[n + 4] = call("HGET", bodies, at) or ""
    found = found + 1
  end
end
return reply
