-- KEYS: home, ends, lineages, check, log. A board: its end, lineage, checkpoints, and the log behind
-- update number ARGV[4], or behind its newest checkpoint if that is -1.
local board, from = take(), take_number()
local found = redis.call('HGET', KEYS[2], board)
if not found then
  return {}
end
local checkpoints = redis.call('HGETALL', KEYS[4])
if from < 0 then
  from = 0
  for place = 1, #checkpoints, 2 do
    from = math.max(from, tonumber(checkpoints[place]))
  end
end
local lineage = redis.call('HGET', KEYS[3], board)
return { found, lineage, checkpoints, redis.call('XRANGE', KEYS[5], from + 1, '+') }
