-- What every script on a workshop begins with: who writes, and whether they still may.
-- KEYS[1]: its home, a hash of node, epoch, batch, told, order. ARGV: the caller's
-- epoch, batch, and session; "" for who only reads, or writes where everybody may.
local home = KEYS[1]
local epoch, batch, session = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local last_argument = 3

local function take()
  last_argument = last_argument + 1
  return ARGV[last_argument]
end

local function take_number()
  return tonumber(take() or 0) -- a list that is left out at the end is empty
end

local was = redis.call('HMGET', home, 'epoch', 'batch', 'told', 'node')
local was_epoch, was_batch = tonumber(was[1] or 0), tonumber(was[2] or 0)
if was_epoch > epoch or (session ~= '' and was[4] ~= session) then
  return 'f'
end
if was_epoch < epoch then
  was_batch = -1
end

-- Keep by board and level when the oldest update of its history was stored.
local function note_ages(ages, pieces, board)
  local oldest = {}
  for _, piece in ipairs(redis.call('ZRANGE', pieces, 0, -1)) do
    local level, at = string.match(piece, '^%d+ %d+ (%d+) %d+ %d+ (%d+)$')
    at = tonumber(at)
    if not oldest[level] or at < oldest[level] then
      oldest[level] = at
    end
  end
  for level = 0, 9 do
    local place = level .. '/' .. board
    local at = oldest[tostring(level)]
    if at then
      redis.call('ZADD', ages, at, place)
    else
      redis.call('ZREM', ages, place)
    end
  end
end

-- Take pieces from the arguments: number of the last update, how many it stands for, level, when that
-- was stored, bytes, when the first of them was; and what they hold.
local function add_pieces(history, pieces)
  for _ = 1, take_number() do
    local seq = take()
    local told = { seq, take(), take(), take(), take(), take() }
    redis.call('HSET', history, seq, take())
    redis.call('ZADD', pieces, seq, table.concat(told, ' '))
  end
end
