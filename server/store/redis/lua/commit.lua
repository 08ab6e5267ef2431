-- One commit of a workshop: all of it, or nothing and why. `common.lua` stands before it, with the
-- names that are defined nowhere here.
-- KEYS: home, ends, lineages, records, blobs, order, ages, counter (home again, but where many write);
-- then of each board that is created or
-- appended to its log, and of each that is dropped log, check, base, history, pieces.
-- Answers k (done; and behind tabs what is gone, for the index), m (misfit), o (overtaken), each
-- with its words; f (fenced), l (late: a later batch was here), a (again: not its turn yet).
-- Answers of a batch are kept until the next one: who lost an answer asks again and gets the same.
local ends, lineages, records, blobs = KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local order, ages = KEYS[6], KEYS[7]
local counter = KEYS[8]
local last_key = 8

local function take_key()
  last_key = last_key + 1
  return KEYS[last_key]
end

if was_batch > batch then
  return 'l'
end
local place, told = take_number(), {}
if was_batch == batch and was[3] ~= '' then
  for answer in string.gmatch(was[3], '[^\n]+') do
    told[#told + 1] = answer
  end
end
if place > #told then
  return 'a'
end
if place < #told then
  redis.call('HSET', home, 'told', was[3]) -- a write, for who then waits for replicas
  return told[place + 1]
end

local function finish(answer)
  told[#told + 1] = answer
  redis.call('HSET', home, 'epoch', epoch, 'batch', batch, 'told', table.concat(told, '\n'))
  return answer
end

for _ = 1, take_number() do
  local field, version = take(), take_number()
  local found = redis.call('HGET', records, field)
  if (found and tonumber(string.match(found, '^%d+')) or 0) ~= version then
    return finish('o' .. field .. ' is no longer of version ' .. version)
  end
end

local after = {} -- of boards: where they end then; false: nowhere
local function end_of(board)
  if after[board] ~= nil then
    return after[board]
  end
  local found = redis.call('HGET', ends, board)
  return found and tonumber(found)
end

local creates = {}
for number = 1, take_number() do
  local new = { board = take(), lineage = take() }
  if end_of(new.board) then
    return finish('mboard ' .. new.board .. ' exists')
  end
  after[new.board] = 0
  creates[number] = new
end

local appends = {}
for number = 1, take_number() do
  local append = { log = take_key(), board = take(), first = take_number(), count = take_number() }
  append.at, append.crc, append.payload, append.stamps = take(), take(), take(), take()
  local found = end_of(append.board)
  if not found then
    return finish('mthe workshop has no board ' .. append.board)
  end
  if append.first ~= found + 1 then
    local words = ': expected update ' .. (found + 1) .. ', got ' .. append.first
    return finish('mboard ' .. append.board .. words)
  end
  append.last = found + append.count
  after[append.board] = append.last
  appends[number] = append
end

-- It fits. From here on everything is written.
local gone = { 'k' }

for _, new in ipairs(creates) do
  redis.call('HSET', lineages, new.board, new.lineage)
end
for _, append in ipairs(appends) do
  local id = append.last .. '-0'
  redis.call('XADD', append.log, id, 'n', append.count, 'c', append.crc, 't', append.at,
    'p', append.payload, 's', append.stamps)
  redis.call('HSET', ends, append.board, append.last)
end

local drops = take_number()
for _ = 1, drops do
  local board = take()
  redis.call('DEL', take_key(), take_key(), take_key(), take_key(), take_key())
  redis.call('HDEL', lineages, board)
  if redis.call('HDEL', ends, board) == 1 then
    gone[#gone + 1] = 'board:' .. board
  end
  for level = 0, 9 do
    redis.call('ZREM', ages, level .. '/' .. board)
  end
end

local function parsed(found)
  return string.match(found, '^(%d+) (%d+) ([^\t]*)\t')
end

local function member(parent, kind, number, id)
  return parent .. '\t' .. kind .. '\t' .. string.format('%016d', number) .. '\t' .. id
end

local emptied = {} -- parents, and under nobody kinds, that may have nothing under them now

local function note_emptied(parent, kind)
  local prefix = parent ~= '' and parent or '\t' .. kind
  emptied[prefix] = parent ~= '' and parent or '/' .. kind
end

for _ = 1, take_number() do
  local kind, id, parent, text, blob = take(), take(), take(), take(), take()
  local field = kind .. '/' .. id
  local found = redis.call('HGET', records, field)
  local version, number, old_parent = 0, nil, parent
  if found then
    version, number, old_parent = parsed(found)
    if old_parent ~= parent then
      redis.call('ZREM', order, member(old_parent, kind, number, id))
      note_emptied(old_parent, kind)
    end
  else
    number = redis.call('HINCRBY', counter, 'order', 1)
  end
  local head = (version + 1) .. ' ' .. number .. ' ' .. parent .. '\t'
  redis.call('HSET', records, field, head .. text)
  redis.call('ZADD', order, 0, member(parent, kind, number, id))
  if blob == '-' then
    redis.call('HDEL', blobs, field)
  else
    redis.call('HSET', blobs, field, string.sub(blob, 2))
  end
end

local function remove(kind, id, parent, number)
  local field = kind .. '/' .. id
  redis.call('HDEL', records, field)
  redis.call('HDEL', blobs, field)
  redis.call('ZREM', order, member(parent, kind, number, id))
  gone[#gone + 1] = 'record:' .. field
  note_emptied(parent, kind)
end

for _ = 1, take_number() do
  local kind, id = take(), take()
  local found = redis.call('HGET', records, kind .. '/' .. id)
  if found then
    local _, number, parent = parsed(found)
    remove(kind, id, parent, number)
  end
end

for _ = 1, take_number() do
  local parent = take()
  local found = redis.call('ZRANGEBYLEX', order, '[' .. parent .. '\t', '(' .. parent .. '\n')
  for _, entry in ipairs(found) do
    local kind, number, id = string.match(entry, '^[^\t]*\t([^\t]*)\t(%d+)\t(.*)$')
    remove(kind, id, parent, number)
  end
end

for prefix, name in pairs(emptied) do
  local from, to = '[' .. prefix .. '\t', '(' .. prefix .. '\n'
  if #redis.call('ZRANGEBYLEX', order, from, to, 'LIMIT', 0, 1) == 0 then
    gone[#gone + 1] = 'under:' .. name
  end
end
local has_boards = redis.call('EXISTS', ends) == 1
if drops > 0 and not has_boards then
  gone[#gone + 1] = 'workshops'
end
if counter == home and (has_boards or redis.call('EXISTS', records) == 1) then
  redis.call('PERSIST', home)
else
  redis.call('EXPIRE', home, 86400) -- deleted, or a session's; answers of this batch, and who was home, stay a while
end
return finish(table.concat(gone, '\t'))
