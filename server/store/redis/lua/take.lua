-- KEYS: session, epoch, format. Take the server's lease, unless somebody else holds it.
-- ARGV: session, ms, format. Answers the new epoch, or who holds it, or an f and a newer format.
local format = redis.call('GET', KEYS[3])
if format and tonumber(format) > tonumber(ARGV[3]) then
  return 'f' .. format
end
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then
  return 'h' .. held
end
redis.call('SET', KEYS[3], ARGV[3])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return redis.call('INCR', KEYS[2])
