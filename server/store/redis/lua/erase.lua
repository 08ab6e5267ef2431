-- KEYS: home, ends, check, log, history, pieces, base, ages. Keep nothing of what a checkpoint stands
-- for: log, history and other checkpoints begin with it. A row of the log that it ends in the middle
-- of is replaced by what the caller has made of its rest.
-- Answers k, n (no such board), a (again: the log is another one by now).
local board, seq, checkpoint, straddling = take(), take_number(), take(), take_number()
local found = redis.call('HGET', KEYS[2], board)
if not found then
  return 'n'
end
local rows = redis.call('XRANGE', KEYS[4], seq + 1, '+')
local at = seq
for number, row in ipairs(rows) do
  local last = tonumber(string.match(row[1], '^%d+'))
  local count = tonumber(row[2][2])
  if number == 1 and last - count < seq then
    if straddling ~= last then
      return 'a'
    end
    local fields = {}
    for _ = 1, take_number() do
      fields[#fields + 1] = take()
    end
    row[2] = fields
  elseif last - count ~= at then
    return 'a'
  end
  at = last
end
if at ~= tonumber(found) then
  return 'a'
end
redis.call('DEL', KEYS[3], KEYS[4], KEYS[5], KEYS[6])
redis.call('HSET', KEYS[3], seq, checkpoint)
redis.call('SET', KEYS[7], checkpoint)
for _, row in ipairs(rows) do
  redis.call('XADD', KEYS[4], row[1], unpack(row[2]))
end
note_ages(KEYS[8], KEYS[6], board)
return 'k'
