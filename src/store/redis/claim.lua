-- Leases due items of a queue, those ready longest first.
-- clock.lua comes before it.
-- KEYS[1] the root   ARGV 1 queue   2 lease in ms   3 limit
-- Returns leaseUntil, then id, due, body, version, fence, attempts per item.
local root, call = KEYS[1], redis.call
local queue = ARGV[1]
local ready = root .. ":ready:" .. queue
local lease = now + ARGV[2]
local leaseText = string.format("%.0f", lease)
local reply = { leaseText }
local ids = call("ZRANGEBYSCORE", ready, "-inf", string.format("%.0f", now), "LIMIT", 0, ARGV[3])
for _, id in ipairs(ids) do
  local key = root .. ":item:" .. queue .. "\0" .. id
  local item = call("HMGET", key, "due", "body", "version", "fence", "attempts")
  local fence, attempts = string.format("%.0f", item[4] + 1), string.format("%.0f", item[5] + 1)
  call("HSET", key, "fence", fence, "attempts", attempts, "lease", leaseText, "leaseVersion", item[3])
  call("ZADD", ready, math.max(lease, item[1]), id)
  local n = #reply
  reply[n + 1], reply[n + 2], reply[n + 3] = id, item[1], item[2]
  reply[n + 4], reply[n + 5], reply[n + 6] = item[3], fence, attempts
end
return reply
