import { createHash } from 'node:crypto';

/** A Lua script, which Redis runs as one step. */
export interface Script {
  readonly source: string;
  /** Names the script in EVALSHA. */
  readonly sha1: string;
}

/**
 * Redis' own clock, so that replicas whose clocks differ still count by one; and how the sums of buckets and days are kept.
 * Units are owed, not times: see gcra.ts.
 */
const clock = `
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local day = math.floor(t[1] / 86400)
local midnightMs = (day + 1) * 86400000 - math.floor(now / 1000)
local function owed(key, intervalUs)
  local value = redis.call('GET', key)
  if not value then return 0 end
  local units, at = string.match(value, '^(%S+) (%d+)$')
  return math.max(0, units - math.max(0, now - at) / intervalUs)
end
local function putOwed(key, units, intervalUs)
  if units <= 0 then return redis.call('DEL', key) end
  local ms = math.max(1, math.ceil(units * intervalUs / 1000))
  redis.call('SET', key, string.format('%.17g %.0f', units, now), 'PX', ms)
end
-- The day stands in the value: at the turn of the day a key may outlive it by a moment.
local function spent(key, known)
  local on, sum = string.match(redis.call('GET', key) or day .. ' ' .. known, '^(%d+) (%d+)$')
  return tonumber(on) == day and tonumber(sum) or 0
end
local function putSpent(key, sum)
  redis.call('SET', key, string.format('%d %.0f', day, math.max(0, sum)), 'PX', midnightMs)
end
`;

/**
 * Decides one claim. First every limit is asked, then either all take or none.
 *
 * KEYS: one per limit. ARGV: lease, its milliseconds, day of the known sums; then per key four: kind and
 * - b(ucket): interval in us, capacity, units
 * - s(treams): most at once, 0, 0
 * - d(aily budget): budget, cost, and what this day had cost when the replica last heard of it: where Redis came back without
 *   its data, the day's money is not given out twice.
 *
 * Answers {1 or 0, day, then per key three}: wait in us (-1: unknown), and
 * - b: until full in us, units left
 * - s: 0, 0
 * - d: spent, 0
 */
const reserve = `${clock}
local admitted, reply, state, after = 1, {1, day}, {}, {}
for i, key in ipairs(KEYS) do
  local kind, a, b, c = ARGV[4 * i], tonumber(ARGV[4 * i + 1]), tonumber(ARGV[4 * i + 2]), tonumber(ARGV[4 * i + 3])
  local wait = 0
  if kind == 'b' then
    state[i] = owed(key, a)
    after[i] = state[i] + c
    local overUs = (after[i] - b) * a
    if overUs > 1 then wait = math.ceil(overUs) end
  elseif kind == 's' then
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
    if redis.call('ZCARD', key) >= a then wait = -1 end
  else
    state[i] = spent(key, tonumber(ARGV[3]) == day and ARGV[4 * i + 3] or '0')
    after[i] = state[i] + b
    if b > 0 and after[i] > a then wait = midnightMs * 1000 end
  end
  if wait ~= 0 then admitted = 0 end
  reply[3 * i], reply[3 * i + 1], reply[3 * i + 2] = wait, 0, 0
end
reply[1] = admitted
for i, key in ipairs(KEYS) do
  local kind, a, b = ARGV[4 * i], tonumber(ARGV[4 * i + 1]), tonumber(ARGV[4 * i + 2])
  local level = admitted == 1 and after[i] or state[i]
  if kind == 'b' then
    if admitted == 1 then putOwed(key, level, a) end
    reply[3 * i + 1] = level * a
    reply[3 * i + 2] = math.max(0, math.floor(b - math.max(0, level - 1 / a)))
  elseif kind == 'd' then
    if admitted == 1 then putSpent(key, level) end
    reply[3 * i + 1] = level
  elseif admitted == 1 then
    redis.call('ZADD', key, now + ARGV[2] * 1000, ARGV[1])
    redis.call('PEXPIRE', key, ARGV[2])
  end
end
return reply
`;

/**
 * Corrects what {@link reserve} took.
 *
 * KEYS: one per limit. ARGV: lease, day that pays; then per key three: kind and
 * - b: interval in us, units (negative: given back)
 * - s: 0, 0
 * - d: cost (negative: given back), what the day had cost when the replica last heard of it
 */
const settle = `${clock}
for i, key in ipairs(KEYS) do
  local kind, a, b = ARGV[3 * i], tonumber(ARGV[3 * i + 1]), tonumber(ARGV[3 * i + 2])
  if kind == 'b' then
    putOwed(key, owed(key, a) + b, a)
  elseif kind == 's' then
    redis.call('ZREM', key, ARGV[1])
  elseif tonumber(ARGV[2]) == day then
    putSpent(key, spent(key, ARGV[3 * i + 2]) + a)
  end
end
return 1
`;

/**
 * Tells what limits have been used, and changes nothing.
 *
 * KEYS: one per limit. ARGV: day of the known sums; then per key three: kind and
 * - b: interval in us, capacity
 * - s: 0, 0
 * - d: 0, what this day had cost when the replica last heard of it
 *
 * Answers per key two:
 * - b: until full in us, units left
 * - s: open streams, 0
 * - d: spent, 0
 */
const usage = `${clock}
local reply = {}
for i, key in ipairs(KEYS) do
  local kind, a, b = ARGV[3 * i - 1], tonumber(ARGV[3 * i]), ARGV[3 * i + 1]
  reply[2 * i - 1], reply[2 * i] = 0, 0
  if kind == 'b' then
    local level = owed(key, a)
    reply[2 * i - 1] = level * a
    reply[2 * i] = math.max(0, math.floor(b - math.max(0, level - 1 / a)))
  elseif kind == 's' then
    reply[2 * i - 1] = redis.call('ZCOUNT', key, now, '+inf')
  else
    reply[2 * i - 1] = spent(key, tonumber(ARGV[1]) == day and b or '0')
  end
end
return reply
`;

/**
 * Says that a replica is alive, and asks how many are.
 *
 * KEYS: members. ARGV: name, milliseconds for which it counts.
 */
const heartbeat = `${clock}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2] * 1000, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])
`;

/**
 * Keeps streams counted. Adds those that Redis has lost or never knew, because it was away when they began.
 *
 * KEYS: streams of one scope. ARGV: milliseconds, then leases.
 */
const renew = `${clock}
for i = 2, #ARGV do
  redis.call('ZADD', KEYS[1], now + ARGV[1] * 1000, ARGV[i])
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
`;

function script(source: string): Script {
  return { source, sha1: createHash('sha1').update(source).digest('hex') };
}

export const scripts = {
  reserve: script(reserve),
  settle: script(settle),
  usage: script(usage),
  heartbeat: script(heartbeat),
  renew: script(renew),
} as const;
