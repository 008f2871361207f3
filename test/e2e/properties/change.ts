import { providerKeys } from '../../support/e2e/stage';
import { seconds, type Figures } from '../../support/e2e/figures';
import type { Answer, LoadReport } from '../../support/e2e/actors';
import type { GatewayCluster, GatewayPod } from '../../support/e2e/gateway-cluster';
import { waitFor } from '../../support/wait';
import { expectWhole, summary, underLoad } from './load';

/** The kubelet refreshes a pod's volumes once a minute or so. */
const volumeRefreshMs = 150_000;

export function change(figures: Figures, cluster: GatewayCluster): void {
  describe('a rolling update under load', () => {
    figures.property(
      'A rolling update under load loses no request and cuts no stream that ends within the drain limit',
      '0 failed, 0 cut',
      async () => {
        const before = await cluster.settled();
        const order = { askers: 4, pauseMs: 100, streamers: 6, events: 40, everyMs: 500 };
        let rolledMs = 0;
        const { report } = await underLoad(cluster, order, async () => {
          const begun = performance.now();
          await cluster.change({ logLevel: 'warn' });
          await cluster.rolledOut();
          rolledMs = performance.now() - begun;
          // Until the last old pod has drained.
          await cluster.settled();
        });
        const after = await cluster.readyPods();
        expect(after.filter(({ uid }) => before.some((pod) => pod.uid === uid))).toEqual([]);
        expectWhole(report);
        expect(report.streams).toBeGreaterThan(0);
        return `${summary(report)}, of 20 s each; ${before.length} pods replaced in ${seconds(rolledMs)}, longest request ${report.longestMs.toFixed(0)} ms`;
      },
      400_000,
    );
  });

  describe('what changes without a restart', () => {
    let changed: PickedUp;
    let rotated: PickedUp;
    let report: LoadReport;
    let before: GatewayPod[];

    // Both at once: each waits for the kubelet.
    beforeAll(async () => {
      before = await cluster.settled();
      const alias = 'added-while-running';
      ({ report } = await underLoad(cluster, { askers: 2, pauseMs: 100 }, async () => {
        await cluster.change({ alias });
        await cluster.applyObjects([providerKeys('second')]);
        [changed, rotated] = await Promise.all([
          pickedUp(cluster, before, { model: alias }, ({ status }) => status === 200),
          pickedUp(cluster, before, {}, ({ body }) => body.includes('Bearer second')),
        ]);
      }));
    }, 2 * volumeRefreshMs);

    const unrestarted = async ({ firstMs, lastMs }: PickedUp): Promise<string> => {
      const after = await cluster.readyPods();
      expect(after.map(({ uid, restarts }) => ({ uid, restarts }))).toEqual(
        expect.arrayContaining(before.map(({ uid, restarts }) => ({ uid, restarts }))),
      );
      expectWhole(report);
      return `first pod after ${seconds(firstMs)}, last of ${before.length} after ${seconds(lastMs)}; 0 restarts, ${summary(report)}`;
    };

    figures.property('A changed configuration is picked up without a restart', 'by every pod', () =>
      unrestarted(changed),
    );
    figures.property('A rotated Secret is picked up without a restart', 'by every pod', () =>
      unrestarted(rotated),
    );
  });
}

interface PickedUp {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Asks every pod by its address until each answers as wanted. */
async function pickedUp(
  cluster: GatewayCluster,
  pods: readonly GatewayPod[],
  body: object,
  isNew: (answer: Answer) => boolean,
): Promise<PickedUp> {
  const begun = performance.now();
  let firstMs: number | undefined;
  await waitFor(
    'every pod to take over the change',
    async () => {
      const answers = await cluster.actors.chat(
        pods.map(({ ip }) => ip),
        body,
      );
      if (answers.some(isNew)) firstMs ??= performance.now() - begun;
      return answers.every(isNew);
    },
    volumeRefreshMs,
  );
  const lastMs = performance.now() - begun;
  return { firstMs: firstMs ?? lastMs, lastMs };
}
