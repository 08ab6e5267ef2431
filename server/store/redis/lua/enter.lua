-- From now on nobody with an earlier epoch writes here, and no earlier batch of ours that was delayed.
if was_batch < batch then
  redis.call('HSET', home, 'epoch', epoch, 'batch', batch, 'told', '')
end
return 'k'
