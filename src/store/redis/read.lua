-- Reads documents as of one moment.
-- KEYS[1] the root   ARGV the keys
-- Returns {revision, value} per key, both nil where absent, flat.
local reply = {}
for i, key in ipairs(ARGV) do
  local doc = redis.call("HMGET", KEYS[1] .. ":doc:" .. key, "rev", "value")
  reply[2 * i - 1], reply[2 * i] = doc[1], doc[2]
end
return reply
