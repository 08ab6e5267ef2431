-- KEYS: home, ends, base, history, pieces, log. What is kept of how a board came about.
local board = take()
if redis.call('HEXISTS', KEYS[2], board) == 0 then
  return {}
end
local pieces = redis.call('ZRANGE', KEYS[5], 0, -1)
local held = {}
for number, piece in ipairs(pieces) do
  held[number] = redis.call('HGET', KEYS[4], string.match(piece, '^%d+'))
end
return { redis.call('GET', KEYS[3]), pieces, held, redis.call('XRANGE', KEYS[6], '-', '+') }
