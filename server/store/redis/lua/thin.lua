-- KEYS: home, history, pieces, ages. Let the pieces that follow stand for those of the level before,
-- if all of them are still there.
local board, level, first, last = take(), take_number(), take_number(), take_number()
local stood, updates = {}, 0
for _, piece in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '(' .. first, last)) do
  local seq, count, at_level = string.match(piece, '^(%d+) (%d+) (%d+)')
  if tonumber(at_level) == level - 1 then
    stood[#stood + 1] = { seq, piece }
    updates = updates + tonumber(count)
  end
end
if updates ~= last - first then
  return 'n'
end
for _, one in ipairs(stood) do
  redis.call('HDEL', KEYS[2], one[1])
  redis.call('ZREM', KEYS[3], one[2])
end
add_pieces(KEYS[2], KEYS[3])
note_ages(KEYS[4], KEYS[3], board)
return 'k'
