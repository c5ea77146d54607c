-- Marks the state with the format of this release, unless it bears one.
-- clock.lua comes before it.
-- KEYS[1] the root   ARGV 1 format this release writes
-- Returns {format of the state, head seq, head hash, now, by how much the server's clock is behind that}.
local root = KEYS[1]
redis.call("HSETNX", root .. ":meta", "format", ARGV[1])
local head = redis.call("HMGET", root .. ":head", "seq", "hash")
return {
  redis.call("HGET", root .. ":meta", "format"), head[1] or "0", head[2] or string.rep("0", 64),
  string.format("%.0f", now), string.format("%.0f", now - machine),
}
