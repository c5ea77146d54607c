-- Commits a group of commits that touch disjoint keys: all of them, or none and why.
-- Every check of every commit comes before the first write, because Redis does not roll a script back.
-- clock.lua comes before it.
-- KEYS[1] the root: every key begins with it, and it carries the hash tag, so that all live in one slot.
-- ARGV    1 head seq   2 head hash   3 at (ms)   4 new head seq   5 new head hash, then the commits one after another.
--         1 and 2 are the head the links were chained on; when 4 equals 1 the group journals nothing.
-- A commit (a number before a list is its length; an empty text stands for "none"):
--   the count of arguments that follow, id, validUntil, once key, once answer,
--   n, n x (key, expected revision or empty for absent),
--   n, n x (queue, id, fence, version, retryAt),
--   n, n x (removed key), n, n x (key, value, index text, m, m x (index key, index value)),
--   n, n x (cancelled queue, id), n, n x (queue, id, due, body, leaseMs),
--   seq, link, body (all three empty when it journals nothing)
-- Returns {"committed" | "refused" | "head" | "clock", now, head seq, head hash, refusals…},
--   a refusal being {index from 0, "committed" | "repeated" | "late" | "conflict", details…}.
local root, call, format = KEYS[1], redis.call, string.format
local keepId, keepOnce, clockToleranceMs = 600, 86400, 5000
local genesis = string.rep("0", 64)
local nowText = format("%.0f", now)
local head = call("HMGET", root .. ":head", "seq", "hash")
local seq, hash = head[1] or "0", head[2] or genesis

-- First and cheap, because many processes may run for the same head. Who lost chains again, and is then told the rest.
if ARGV[4] ~= ARGV[1] then
  if seq ~= ARGV[1] or hash ~= ARGV[2] then return { "head", nowText, seq, hash } end
  if math.abs(now - ARGV[3]) > clockToleranceMs then return { "clock", nowText, seq, hash } end
end

local function docKey(key) return root .. ":doc:" .. key end
local function itemKey(queue, id) return root .. ":item:" .. queue .. "\0" .. id end

-- What refuses the commit whose arguments begin at p, or nil.
local function check(p)
  local id, validUntil, once = ARGV[p], ARGV[p + 1], ARGV[p + 2]
  if call("EXISTS", root .. ":commit:" .. id) == 1 then
    return { "committed" }
  end
  if once ~= "" then
    local answer = call("GET", root .. ":once:" .. once)
    if answer then return { "repeated", answer } end
  end
  if validUntil ~= "" and now > tonumber(validUntil) then return { "late" } end
  local refusal = { "conflict" }
  p = p + 5
  for _ = 1, ARGV[p - 1] do
    local revision = call("HGET", docKey(ARGV[p]), "rev") or ""
    if revision ~= ARGV[p + 1] then refusal[#refusal + 1] = ARGV[p] end
    p = p + 2
  end
  p = p + 1
  for _ = 1, ARGV[p - 1] do
    local lease = call("HMGET", itemKey(ARGV[p], ARGV[p + 1]), "fence", "leaseVersion")
    if lease[1] ~= ARGV[p + 2] or lease[2] ~= ARGV[p + 3] then
      refusal[#refusal + 1] = ARGV[p] .. ":" .. ARGV[p + 1]
    end
    p = p + 5
  end
  if #refusal > 1 then return refusal end
  return nil
end

local refusals, starts = {}, {}
do
  local p, index = 6, 0
  while p <= #ARGV do
    starts[#starts + 1] = p + 1
    local refusal = check(p + 1)
    if refusal then
      table.insert(refusal, 1, index)
      refusals[#refusals + 1] = refusal
    end
    p = p + 1 + ARGV[p]
    index = index + 1
  end
end

if #refusals > 0 then
  -- A repeat is written again, so that a WAIT after it waits for everything before it. This changes no state.
  for _, refusal in ipairs(refusals) do
    if refusal[2] == "committed" then
      call("EXPIRE", root .. ":commit:" .. ARGV[starts[refusal[1] + 1]], keepId)
    end
  end
  return { "refused", nowText, seq, hash, unpack(refusals) }
end
local function dropItem(queue, id)
  call("DEL", itemKey(queue, id))
  call("ZREM", root .. ":ready:" .. queue, id)
  call("ZREM", root .. ":due:" .. queue, id)
end

local function release(queue, id, due)
  call("HSET", itemKey(queue, id), "due", due, "lease", "0", "leaseVersion", "")
  call("ZADD", root .. ":ready:" .. queue, due, id)
  call("ZADD", root .. ":due:" .. queue, due, id)
end

local function settle(queue, id, version, retryAt)
  if call("HGET", itemKey(queue, id), "version") ~= version then
    release(queue, id, nowText)
  elseif retryAt ~= "" then
    release(queue, id, retryAt)
  else
    dropItem(queue, id)
  end
end

-- The index text of a document is "index key NUL value NUL …": what to take out when it changes.
local function dropIndexes(key, indexes)
  for name, value in string.gmatch(indexes, "([^%z]*)%z([^%z]*)%z") do
    call("ZREM", root .. ":index:" .. name, value .. "\0" .. key)
  end
end

local function owe(p, id)
  local queue, item, due, lease = ARGV[p], ARGV[p + 1], ARGV[p + 2], ARGV[p + 4]
  local key = itemKey(queue, item)
  local ready = due
  local leased = call("HGET", key, "lease")
  if leased then
    call("HSET", key, "due", due, "body", ARGV[p + 3], "version", id)
    if tonumber(leased) > tonumber(due) then ready = leased end
  elseif lease == "" then
    call("HSET", key, "due", due, "body", ARGV[p + 3], "version", id,
      "fence", "0", "lease", "0", "leaseVersion", "", "attempts", "0")
  else
    local untilText = format("%.0f", now + lease)
    call("HSET", key, "due", due, "body", ARGV[p + 3], "version", id,
      "fence", "1", "lease", untilText, "leaseVersion", id, "attempts", "1")
    if now + lease > tonumber(due) then ready = untilText end
  end
  call("ZADD", root .. ":ready:" .. queue, ready, item)
  call("ZADD", root .. ":due:" .. queue, due, item)
end

local function put(p, id)
  local key, value, indexes = ARGV[p], ARGV[p + 1], ARGV[p + 2]
  local doc = docKey(key)
  local old = call("HGET", doc, "index") or ""
  if indexes == "" then
    call("HSET", doc, "rev", id, "value", value)
    if old ~= "" then call("HDEL", doc, "index") end
  else
    call("HSET", doc, "rev", id, "value", value, "index", indexes)
  end
  local count = ARGV[p + 3]
  p = p + 4
  if old == indexes then return p + 2 * count end
  dropIndexes(key, old)
  for _ = 1, count do
    call("ZADD", root .. ":index:" .. ARGV[p], 0, ARGV[p + 1] .. "\0" .. key)
    p = p + 2
  end
  return p
end

local function apply(p)
  local id = ARGV[p]
  call("SET", root .. ":commit:" .. id, "1", "EX", keepId)
  if ARGV[p + 2] ~= "" then call("SET", root .. ":once:" .. ARGV[p + 2], ARGV[p + 3], "EX", keepOnce) end
  p = p + 5 + 2 * ARGV[p + 4]
  local count = ARGV[p]
  p = p + 1
  for _ = 1, count do
    settle(ARGV[p], ARGV[p + 1], ARGV[p + 3], ARGV[p + 4])
    p = p + 5
  end
  count = ARGV[p]
  p = p + 1
  for _ = 1, count do
    dropIndexes(ARGV[p], call("HGET", docKey(ARGV[p]), "index") or "")
    call("DEL", docKey(ARGV[p]))
    p = p + 1
  end
  count = ARGV[p]
  p = p + 1
  for _ = 1, count do p = put(p, id) end
  count = ARGV[p]
  p = p + 1
  for _ = 1, count do
    dropItem(ARGV[p], ARGV[p + 1])
    p = p + 2
  end
  count = ARGV[p]
  p = p + 1
  for _ = 1, count do
    owe(p, id)
    p = p + 5
  end
  if ARGV[p] ~= "" then
    call("HSET", root .. ":links", ARGV[p], ARGV[p + 1])
    call("HSET", root .. ":bodies", ARGV[p], ARGV[p + 2])
  end
end

for _, start in ipairs(starts) do apply(start) end
if ARGV[4] ~= ARGV[1] then call("HSET", root .. ":head", "seq", ARGV[4], "hash", ARGV[5]) end
return { "committed", nowText, ARGV[4], ARGV[5] }
