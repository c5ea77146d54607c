-- The store's time in ms. clock.lua comes before it.
-- KEYS[1] the root
return string.format("%.0f", now)
