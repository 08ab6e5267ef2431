-- KEYS: home. Become a workshop's home, if it is as it was read, or we are already.
-- ARGV: the session that was home, the epoch, ours. Answers 1, or 0 where somebody was faster.
local node, epoch, ours = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local was = redis.call('HMGET', KEYS[1], 'node', 'epoch')
local was_node, was_epoch = was[1] or '', tonumber(was[2] or 0)
if was_node == ours and was_epoch == epoch + 1 then
  return 1
end
if was_node ~= node or was_epoch ~= epoch then
  return 0
end
local is_new = redis.call('EXISTS', KEYS[1]) == 0
redis.call('HSET', KEYS[1], 'node', ours, 'epoch', epoch + 1, 'batch', -1, 'told', '')
if is_new then
  redis.call('EXPIRE', KEYS[1], 86400) -- the first commit lets it stay
end
return 1
