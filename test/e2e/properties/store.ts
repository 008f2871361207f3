import { metrics } from '../../../gateway-app/contract/metrics';
import { gatewayNamespace } from '../../support/e2e/environment';
import { seconds, type Figures } from '../../support/e2e/figures';
import type { GatewayCluster, GatewayPod } from '../../support/e2e/gateway-cluster';
import { sumOf } from '../../support/exposition';
import { waitFor } from '../../support/wait';
import { expectWhole, summary, underLoad } from './load';

const statefulSet = 'statefulset/ai-gateway-store';
const storePod = 'pod/ai-gateway-store-0';
const inNamespace = ['-n', gatewayNamespace];

export function store(figures: Figures, cluster: GatewayCluster): void {
  figures.property(
    'Redis is killed under load and comes back',
    '0 failed; every pod keeps its share meanwhile',
    async () => {
      const pods = await cluster.settled();
      await everyPod(cluster, pods, 'shared');
      const before = await decisionsByShare(cluster, pods);
      let awayMs = 0;
      let backMs = 0;
      const { report } = await underLoad(cluster, { askers: 4, pauseMs: 50 }, async () => {
        let begun = performance.now();
        await cluster.kubectl.mustRun(['scale', statefulSet, ...inNamespace, '--replicas=0']);
        await cluster.kubectl.mustRun([
          ...['delete', storePod, ...inNamespace, '--ignore-not-found'],
          ...['--grace-period=0', '--force'],
        ]);
        await everyPod(cluster, pods, 'alone');
        awayMs = performance.now() - begun;
        await cluster.kubectl.mustRun(['scale', statefulSet, ...inNamespace, '--replicas=1']);
        await cluster.kubectl.mustRun(['rollout', 'status', statefulSet, ...inNamespace, '--timeout=120s']);
        begun = performance.now();
        await everyPod(cluster, pods, 'shared');
        backMs = performance.now() - begun;
      });
      expectWhole(report);
      const decisions = (await decisionsByShare(cluster, pods)) - before;
      expect(decisions).toBeGreaterThan(0);
      return `${summary(report)}; ${decisions} decided by share; all ${pods.length} pods on shares ${seconds(awayMs)} after the kill, and off them ${seconds(backMs)} after the store was Ready`;
    },
    300_000,
  );
}

/** Waits until each pod counts its limits in the store, or each by its share. */
async function everyPod(
  cluster: GatewayCluster,
  pods: readonly GatewayPod[],
  wanted: 'shared' | 'alone',
): Promise<void> {
  const value = wanted === 'alone' ? 1 : 0;
  await waitFor(
    `limits to be ${wanted}`,
    async () =>
      (await cluster.actors.scrape(addresses(pods))).every(
        (text) => sumOf(text, metrics.storeFallbackActive.name) === value,
      ),
    60_000,
  );
}

const addresses = (pods: readonly GatewayPod[]): string[] => pods.map(({ ip }) => ip);

async function decisionsByShare(cluster: GatewayCluster, pods: readonly GatewayPod[]): Promise<number> {
  const texts = await cluster.actors.scrape(addresses(pods));
  return texts.reduce((total, text) => total + sumOf(text, metrics.storeFallbackDecisions.name), 0);
}
