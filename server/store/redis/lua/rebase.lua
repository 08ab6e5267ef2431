-- KEYS: home, history, pieces, base, ages. Let history begin with a state at the end of a piece, if
-- that piece is still there.
local board, seq, base = take(), take_number(), take()
if redis.call('ZCOUNT', KEYS[3], seq, seq) == 0 then
  return 'n'
end
redis.call('SET', KEYS[4], base)
for _, piece in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', seq)) do
  redis.call('HDEL', KEYS[2], string.match(piece, '^%d+'))
end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', seq)
note_ages(KEYS[5], KEYS[3], board)
return 'k'
