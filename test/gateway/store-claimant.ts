/**
 * A process that claims from the Redis store. It says `ready`, waits for `go`, makes its claims, and says how they ended.
 *
 * Started by store-replicas.test.ts; not for import.
 */
import type { ScopeLimits } from '../../gateway-app/src/stores/limit-store';
import { claim, sharedStore } from './store-support';

export interface ClaimOrder {
  readonly port: number;
  readonly limits: ScopeLimits;
  readonly claims: number;
}

export interface ClaimReport {
  readonly admitted: number;
  /** When it began and ended, by the clock of this machine, which is also Redis'. */
  readonly beganMs: number;
  readonly endedMs: number;
  /** Decided by this process alone. */
  readonly local: number;
}

/** Claims in flight at once. */
const lanes = 4;

async function main(): Promise<void> {
  const { port, limits, claims } = JSON.parse(process.argv[2]!) as ClaimOrder;
  const { store, witness } = await sharedStore(port);
  let left = claims;
  let admitted = 0;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      if ((await store.reserve(claim(limits))).grant !== undefined) admitted += 1;
    }
  };
  process.on('disconnect', () => process.exit());
  process.on('message', () => {
    const beganMs = Date.now();
    void Promise.all(Array.from({ length: lanes }, lane)).then(async () => {
      const endedMs = Date.now();
      await store.close();
      const report: ClaimReport = { admitted, beganMs, endedMs, local: witness.localDecisions };
      process.send?.(report);
    });
  });
  process.send?.('ready');
}

void main();
