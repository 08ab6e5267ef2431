-- KEYS: home, ends, check, log, history, pieces, ages. Keep a checkpoint beside the one before it, and
-- let what that one covered be history, as the caller has put it together from the log.
-- Answers k, n (there is nothing to do), a (again: another checkpoint came in between).
local board, previous, seq, checkpoint = take(), take_number(), take_number(), take()
if redis.call('HEXISTS', KEYS[2], board) == 0 then
  return 'n'
end
local newest = 0
for _, kept in ipairs(redis.call('HKEYS', KEYS[3])) do
  newest = math.max(newest, tonumber(kept))
end
if newest ~= previous then
  return 'a'
end
if seq < newest then
  return 'n'
end
redis.call('HSET', KEYS[3], seq, checkpoint)
for _, kept in ipairs(redis.call('HKEYS', KEYS[3])) do
  if tonumber(kept) < previous then
    redis.call('HDEL', KEYS[3], kept)
  end
end
add_pieces(KEYS[5], KEYS[6])
redis.call('XTRIM', KEYS[4], 'MINID', '=', previous + 1)
note_ages(KEYS[7], KEYS[6], board)
return 'k'
