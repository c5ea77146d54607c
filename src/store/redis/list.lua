-- Reads the documents of a kind in the order of an index, as of one moment.
-- KEYS[1] the root   ARGV 1 kind/index   2 lowest   3 highest, as ZRANGE BYLEX takes them   4 "1" for reverse   5 limit, -1 for all
-- Returns key, revision, value, key, revision, value, …
local members
local index = KEYS[1] .. ":index:" .. ARGV[1]
if ARGV[4] == "1" then
  members = redis.call("ZREVRANGEBYLEX", index, ARGV[3], ARGV[2], "LIMIT", 0, ARGV[5])
else
  members = redis.call("ZRANGEBYLEX", index, ARGV[2], ARGV[3], "LIMIT", 0, ARGV[5])
end
local reply = {}
for _, member in ipairs(members) do
  local key = string.sub(member, string.find(member, "\0", 1, true) + 1)
  local doc = redis.call("HMGET", KEYS[1] .. ":doc:" .. key, "rev", "value")
  reply[#reply + 1], reply[#reply + 2], reply[#reply + 3] = key, doc[1], doc[2]
end
return reply
