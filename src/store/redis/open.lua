-- Marks the state with the format of this release, unless it bears one.
-- KEYS[1] the root   ARGV 1 format this release writes
-- Returns {format of the state, head seq, head hash, now}: the last three as commit.lua returns them.
local root = KEYS[1]
redis.call("HSETNX", root .. ":meta", "format", ARGV[1])
local head = redis.call("HMGET", root .. ":head", "seq", "hash")
local time = redis.call("TIME")
return {
  redis.call("HGET", root .. ":meta", "format"), head[1] or "0", head[2] or string.rep("0", 64),
  string.format("%.0f", time[1] * 1000 + math.floor(time[2] / 1000)),
}
