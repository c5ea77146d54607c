-- Comes before every script that needs the time: `now` in ms, and `machine`, what the server's own clock says.
-- Time never goes back: what lapsed stays lapsed although the server's clock is set back, or a replica whose clock is behind
-- takes over. It goes on from the newest time seen, a tenth slower, until the server's clock has come up to it.
-- KEYS[1] the root. The hash at <root>:clock has the newest time, and what the server's clock said then.
local keepEveryMs, catchUpRate = 100, 0.9
local function storeTime()
  local time = redis.call("TIME")
  local machine = time[1] * 1000 + math.floor(time[2] / 1000)
  local kept = redis.call("HMGET", KEYS[1] .. ":clock", "newest", "machine")
  local newest, anchor = tonumber(kept[1] or 0), tonumber(kept[2] or 0)
  local now = math.max(machine, math.floor(newest + catchUpRate * math.max(0, machine - anchor)))
  if kept[1] == false or machine < anchor or now - newest >= keepEveryMs then
    redis.call("HSET", KEYS[1] .. ":clock",
      "newest", string.format("%.0f", now), "machine", string.format("%.0f", machine))
  end
  return now, machine
end
local now, machine = storeTime()
