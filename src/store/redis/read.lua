-- Reads documents as of one moment.
-- KEYS[1] the root   ARGV key, known revision, key, known revision, …
-- Returns {revision, value} per key, both nil where absent, the value nil too where its revision is the known one, flat.
local reply = {}
for i = 1, #ARGV, 2 do
  local name = KEYS[1] .. ":doc:" .. ARGV[i]
  local revision = redis.call("HGET", name, "rev")
  reply[i] = revision
  reply[i + 1] = revision and revision ~= ARGV[i + 1] and redis.call("HGET", name, "value")
end
return reply
