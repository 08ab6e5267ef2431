-- KEYS: home, order, records. Records of a kind under a parent, oldest first: id, what is kept, …
local parent, kind = take(), take()
local prefix = parent .. '\t' .. kind
local found = {}
for _, entry in ipairs(redis.call('ZRANGEBYLEX', KEYS[2], '[' .. prefix .. '\t', '(' .. prefix .. '\n')) do
  local id = string.match(entry, '^[^\t]*\t[^\t]*\t%d+\t(.*)$')
  found[#found + 1] = id
  found[#found + 1] = redis.call('HGET', KEYS[3], kind .. '/' .. id)
end
return found
