-- KEYS: home. Be a workshop's home no longer, if we are. ARGV: our session, our epoch, which stays.
local was = redis.call('HMGET', KEYS[1], 'node', 'epoch')
if was[1] == ARGV[1] and was[2] == ARGV[2] then
  redis.call('HDEL', KEYS[1], 'node')
end
return 1
