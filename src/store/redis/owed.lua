-- How many items a queue holds and the due time of the oldest.
-- KEYS[1] the root   ARGV 1 queue
-- Returns {count, oldest due} or {0}.
local due = KEYS[1] .. ":due:" .. ARGV[1]
local oldest = redis.call("ZRANGE", due, 0, 0)[1]
if not oldest then return { "0" } end
local count = string.format("%.0f", redis.call("ZCARD", due))
return { count, redis.call("HGET", KEYS[1] .. ":item:" .. ARGV[1] .. "\0" .. oldest, "due") }
