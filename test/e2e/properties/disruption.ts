import { seconds, type Figures } from '../../support/e2e/figures';
import { gatewayNamespace } from '../../support/e2e/environment';
import type { GatewayCluster } from '../../support/e2e/gateway-cluster';
import type { KubectlResult } from '../../support/kubectl';
import { waitFor } from '../../support/wait';
import { expectWhole, summary, underLoad } from './load';

export function disruption(figures: Figures, cluster: GatewayCluster): void {
  describe('evictions', () => {
    figures.property(
      'An eviction beyond the disruption budget is refused',
      'first granted, second 429',
      async () => {
        const [first, second] = await cluster.settled();
        const granted = await evict(cluster, first!.name);
        const refused = await evict(cluster, second!.name);
        expect(granted).toMatchObject({ exitCode: 0 });
        expect(refused.stderr).toContain("would violate the pod's disruption budget");
        return 'first granted, second 429';
      },
    );

    figures.property(
      'A drain of the node completes under load',
      'complete, 0 failed, 0 cut',
      async () => {
        const before = await cluster.settled();
        const order = { askers: 3, pauseMs: 100, streamers: 3, events: 10, everyMs: 500 };
        let drainedMs = 0;
        const { report } = await underLoad(cluster, order, async () => {
          drainedMs = await drain(cluster, before[0]!.name);
          await cluster.settled();
        });
        expectWhole(report);
        return `${before.length} pods evicted one at a time in ${seconds(drainedMs)}; ${summary(report)}`;
      },
      400_000,
    );
  });

  describe('a pod that ends unasked', () => {
    const retrying = { askers: 8, pauseMs: 20, retries: 5 };

    figures.property(
      'A process that dies is started again without an error to clients that retry',
      '0 failed after retries',
      async () => {
        const [victim] = await cluster.settled();
        const { report, tookMs } = await underLoad(cluster, retrying, async () => {
          await cluster.actors.crash(victim!.name);
          await waitFor(
            'the process to serve again',
            async () =>
              (await cluster.readyPods()).some(({ uid, restarts }) => uid === victim!.uid && restarts > 0),
            120_000,
          );
        });
        expect(report).toMatchObject({ failed: 0 });
        return `${report.requests} requests, ${report.retried} sent again, ${report.failed} failed; Ready again in ${seconds(tookMs)}`;
      },
      240_000,
    );

    figures.property(
      'A pod deleted by force is replaced without an error to clients that retry',
      '0 failed after retries',
      async () => {
        const before = await cluster.settled();
        const victim = before[0]!;
        const { report, tookMs } = await underLoad(cluster, retrying, async () => {
          await cluster.kubectl.mustRun([
            ...['delete', 'pod', victim.name, '-n', gatewayNamespace],
            ...['--grace-period=0', '--force', '--wait=false'],
          ]);
          await waitFor(
            'the successor',
            async () => {
              const ready = await cluster.readyPods();
              return ready.length >= before.length && ready.every(({ uid }) => uid !== victim.uid);
            },
            120_000,
          );
        });
        expect(report).toMatchObject({ failed: 0 });
        return `${report.requests} requests, ${report.retried} sent again, ${report.failed} failed; replaced in ${seconds(tookMs)}`;
      },
      240_000,
    );
  });
}

async function evict({ kubectl }: GatewayCluster, name: string): Promise<KubectlResult> {
  const metadata = { name, namespace: gatewayNamespace };
  return await kubectl.run(
    ['create', '--raw', `/api/v1/namespaces/${gatewayNamespace}/pods/${name}/eviction`, '-f', '-'],
    JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata }),
  );
}

/** Drains the pod's node of the gateway. Where it is the only node it is opened again at once, as if another had room. */
async function drain({ kubectl }: GatewayCluster, pod: string): Promise<number> {
  const node = await kubectl.mustRun([
    'get',
    'pod',
    pod,
    '-n',
    gatewayNamespace,
    '-o=jsonpath={.spec.nodeName}',
  ]);
  const open = await kubectl.mustRun(['get', 'node', '--field-selector=spec.unschedulable!=true', '-o=name']);
  const begun = performance.now();
  const draining = kubectl.mustRun([
    ...['drain', node, '--pod-selector=app.kubernetes.io/name=ai-gateway', '--ignore-daemonsets'],
    ...['--delete-emptydir-data', '--timeout=300s'],
  ]);
  try {
    if (open.trim().split('\n').length === 1) {
      await waitFor('the drain to begin', async () => {
        const path = '-o=jsonpath={.spec.unschedulable}';
        return (await kubectl.mustRun(['get', 'node', node, path])) === 'true';
      });
      await kubectl.mustRun(['uncordon', node]);
    }
    await draining;
    return performance.now() - begun;
  } finally {
    await draining.catch(() => undefined);
    await kubectl.mustRun(['uncordon', node]);
  }
}
