-- KEYS: home, ends, lineages, check, log, history, pieces, base, ages. A portion of a board that
-- comes from another store: with the first of them nothing is left of one that was there, with the
-- last of them the board is there. Each may come twice. Answers k.
local board, is_first, is_last = take(), take_number() == 1, take_number() == 1
if is_first then
  redis.call('HDEL', KEYS[2], board)
  redis.call('DEL', KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8])
end
add_pieces(KEYS[6], KEYS[7])
for _ = 1, take_number() do
  local last, n, c, t, p, s = take(), take(), take(), take(), take(), take()
  if #redis.call('XRANGE', KEYS[5], last, last) == 0 then
    redis.call('XADD', KEYS[5], last .. '-0', 'n', n, 'c', c, 't', t, 'p', p, 's', s)
  end
end
if is_last then
  local seq, lineage = take(), take()
  local checkpoint_seq, checkpoint, base = take(), take(), take()
  if checkpoint ~= '' then
    redis.call('HSET', KEYS[4], checkpoint_seq, checkpoint)
  end
  if base ~= '' then
    redis.call('SET', KEYS[8], base)
  end
  redis.call('HSET', KEYS[3], board, lineage)
  redis.call('HSET', KEYS[2], board, seq)
  redis.call('PERSIST', home)
  note_ages(KEYS[9], KEYS[7], board)
end
return 'k'
