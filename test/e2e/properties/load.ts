import type { LoadOrder, LoadReport } from '../../support/e2e/actors';
import type { GatewayCluster } from '../../support/e2e/gateway-cluster';

/** Something done while clients ask. The load ends also where it fails. */
export async function underLoad(
  cluster: GatewayCluster,
  order: LoadOrder,
  act: () => Promise<void>,
): Promise<{ readonly report: LoadReport; readonly tookMs: number }> {
  const load = cluster.actors.startLoad(order);
  const begun = performance.now();
  let tookMs: number;
  let report: LoadReport;
  try {
    await act();
    tookMs = performance.now() - begun;
  } finally {
    report = await load.end();
  }
  expect(report.requests).toBeGreaterThan(0);
  return { report, tookMs };
}

/** Compared together with the faults, so that a failure shows what clients saw. */
export function expectWhole({ failed, cut, faults }: LoadReport): void {
  expect({ failed, cut, faults }).toEqual({ failed: 0, cut: 0, faults: [] });
}

export const summary = ({ requests, failed, streams, cut }: LoadReport): string =>
  `${requests} requests, ${failed} failed${streams === 0 ? '' : `; ${streams} streams, ${cut} cut`}`;
