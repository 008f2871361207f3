import { rehearse, type Rehearsal } from '../support/failover/rehearsal';

/** A minute of TTL takes four seconds, an interval of ten takes two thirds of one. `npm run rehearse:failover` takes its time. */
const scale = 1 / 15;

/** What a busy machine may add, in seconds of true time at this scale: two of the clock. */
const slack = 2 / scale;

describe('The loss of the primary region', () => {
  let seen: Rehearsal;
  beforeAll(async () => {
    seen = await rehearse(scale);
  }, 400_000);

  it('is noticed no sooner than by all but one of the failed checks, and no later than computed', () => {
    const { computed, failover } = seen;
    expect(computed).toEqual({ detection: 30, ttl: 60, total: 90 });
    expect(failover.detected).toBeGreaterThan(20);
    expect(failover.detected).toBeLessThan(computed.detection + slack);
  });

  it('lets every client be served by the other within the time that the synth computes', () => {
    const { computed, failover } = seen;
    expect(failover.fastest).toBeGreaterThan(20);
    expect(failover.slowest).toBeLessThan(computed.total + slack);
  });

  it('fails requests until then, as the arithmetic says', () => {
    expect(seen.failover.failed).toBeGreaterThan(0);
    expect(seen.failover.failed).toBeLessThan(seen.failover.requests);
  });

  it('does not let clients swing while the lost region comes and goes', () => {
    expect(seen.changesWhileFlapping).toBe(0);
  });

  it('is mended without a failed request when the region is back', () => {
    const { computed, failBack } = seen;
    expect(failBack.failed).toBe(0);
    expect(failBack.slowest).toBeLessThan(computed.total + slack);
  });
});
