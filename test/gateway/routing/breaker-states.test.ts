import type { BreakerState } from '../../../gateway-app/contract/metrics';
import { AttemptWindow } from '../../../gateway-app/src/upstream/attempt-window';
import { Breaker, type Pass } from '../../../gateway-app/src/upstream/breaker';

const settings = { windowMs: 1_000, minAttempts: 4, failureRatio: 0.5, openMs: 500 };

let states: BreakerState[];
let breaker: Breaker;
let nowMs: number;

beforeEach(() => {
  states = [];
  breaker = new Breaker(settings, (state) => states.push(state));
  nowMs = 10_000;
});

const attempt = (verdict: 'success' | 'failure' | 'neutral'): void => {
  const pass = breaker.enter(nowMs);
  expect(pass).toBeDefined();
  breaker.leave(pass!, verdict, nowMs);
};
const attempts = (count: number, verdict: 'success' | 'failure'): void => {
  for (let n = 0; n < count; n += 1) attempt(verdict);
};
/** Opens it, and goes on to when it may be tried. */
const untilHalfOpen = (): Pass => {
  attempts(4, 'failure');
  expect(states).toEqual(['open']);
  nowMs += settings.openMs;
  return breaker.enter(nowMs)!;
};

describe('A closed breaker', () => {
  it('opens at the share of failures, and not before there were enough attempts', () => {
    attempts(3, 'failure');
    expect(breaker.state).toBe('closed');
    attempt('failure');
    expect(breaker.state).toBe('open');
  });

  it('stays closed below the share', () => {
    attempts(5, 'success');
    attempts(4, 'failure');
    expect(breaker.state).toBe('closed');
    attempt('failure');
    expect(breaker.state).toBe('open');
  });

  it('forgets what is older than its window', () => {
    attempts(3, 'failure');
    nowMs += settings.windowMs + settings.windowMs / 10;
    attempts(3, 'failure');
    expect(breaker.state).toBe('closed');
  });

  it('does not count what says nothing of the target', () => {
    for (let n = 0; n < 100; n += 1) attempt('neutral');
    expect(breaker.counts(nowMs)).toEqual({ attempts: 0, failures: 0 });
  });
});

describe('An open breaker', () => {
  it('lets nobody through until its time is over, and says how long that is', () => {
    attempts(4, 'failure');
    nowMs += 200;
    expect(breaker.enter(nowMs)).toBeUndefined();
    expect(breaker.waitMs(nowMs)).toBe(300);
  });

  it('does not hear of what it had let through before', () => {
    const before = breaker.enter(nowMs)!;
    attempts(4, 'failure');
    breaker.leave(before, 'success', nowMs);
    expect(states).toEqual(['open']);
  });
});

describe('A half-open breaker', () => {
  it('lets one probe through at a time', () => {
    const probe = untilHalfOpen();
    expect(breaker.enter(nowMs)).toBeUndefined();
    breaker.leave(probe, 'neutral', nowMs);
    expect(breaker.enter(nowMs)).toBeDefined();
    expect(breaker.enter(nowMs)).toBeUndefined();
  });

  it('closes with a probe that succeeds, and begins to count anew', () => {
    breaker.leave(untilHalfOpen(), 'success', nowMs);
    expect(states).toEqual(['open', 'half_open', 'closed']);
    attempts(3, 'failure');
    expect(breaker.state).toBe('closed');
  });

  it('opens again with one that fails', () => {
    breaker.leave(untilHalfOpen(), 'failure', nowMs);
    expect(states).toEqual(['open', 'half_open', 'open']);
    expect(breaker.waitMs(nowMs)).toBe(settings.openMs);
  });

  it('lets the next one through where a probe runs for longer, and hears both', () => {
    const long = untilHalfOpen();
    nowMs += settings.openMs;
    const next = breaker.enter(nowMs)!;
    expect(breaker.enter(nowMs)).toBeUndefined();
    // The long one does not free the place of the next.
    breaker.leave(long, 'neutral', nowMs);
    expect(breaker.enter(nowMs)).toBeUndefined();
    breaker.leave(next, 'success', nowMs);
    expect(breaker.state).toBe('closed');
  });

  it('does not hear of an ordinary attempt from before it opened', () => {
    const before = breaker.enter(nowMs)!;
    untilHalfOpen();
    breaker.leave(before, 'failure', nowMs);
    expect(breaker.state).toBe('half_open');
  });
});

describe('The window of attempts', () => {
  it('is right after any pause', () => {
    const window = new AttemptWindow(1_000);
    const times = [0, 50, 99, 100, 550, 1_000, 1_099, 1_100, 5_000, 5_900, 6_050];
    for (const [index, timeMs] of times.entries()) {
      window.add(index % 2 === 0, timeMs);
      const oldest = Math.floor(timeMs / 100) - 9;
      const kept = times.slice(0, index + 1).filter((earlier) => Math.floor(earlier / 100) >= oldest);
      expect(window.at(timeMs).attempts).toBe(kept.length);
    }
  });
});
