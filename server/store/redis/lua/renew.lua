-- KEYS: session, epoch. Keep the lease, if nobody has taken it since. ARGV: session, ms, epoch.
if redis.call('GET', KEYS[2]) ~= ARGV[3] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
