import { seconds, type Figures } from '../../support/e2e/figures';
import { gatewayNamespace } from '../../support/e2e/environment';
import { type GatewayCluster, minReplicas } from '../../support/e2e/gateway-cluster';
import { waitFor } from '../../support/wait';
import { underLoad } from './load';

/** In the place of the reference's 300: the rule is the same, the test is shorter. */
const stabilizationSeconds = 15;

export function scaling(figures: Figures, cluster: GatewayCluster): void {
  describe('the autoscaler', () => {
    figures.property(
      `The autoscaler follows real CPU up and back (stabilization ${stabilizationSeconds} s in the place of 300 s)`,
      `above ${minReplicas}, then ${minReplicas} again`,
      async () => {
        await shortenStabilization(cluster);
        await waitFor('calm', async () => (await cluster.replicas()) === minReplicas, 240_000);
        await cluster.settled();
        let peak = 0;
        const { report, tookMs: upMs } = await underLoad(cluster, { askers: 24, pauseMs: 0 }, async () => {
          await waitFor(
            'more pods',
            async () => {
              peak = (await cluster.readyPods()).length;
              return peak > minReplicas;
            },
            240_000,
          );
        });
        expect(report).toMatchObject({ failed: 0 });
        const ended = performance.now();
        await waitFor(
          'the autoscaler to go back',
          async () => {
            peak = Math.max(peak, await cluster.replicas());
            return (await cluster.replicas()) === minReplicas;
          },
          400_000,
        );
        const downMs = performance.now() - ended;
        return `${minReplicas} to ${peak} pods, the first new one Ready after ${seconds(upMs)} of load (${report.requests} requests, ${report.failed} failed); ${minReplicas} again ${seconds(downMs)} after its end`;
      },
      900_000,
    );
  });
}

async function shortenStabilization({ kubectl }: GatewayCluster): Promise<void> {
  const patch = { spec: { behavior: { scaleDown: { stabilizationWindowSeconds: stabilizationSeconds } } } };
  await kubectl.mustRun([
    ...['patch', 'horizontalpodautoscaler', 'ai-gateway', '-n', gatewayNamespace],
    ...['--type=merge', '-p', JSON.stringify(patch)],
  ]);
}
