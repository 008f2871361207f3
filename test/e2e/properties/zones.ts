import { seconds, type Figures } from '../../support/e2e/figures';
import { e2eFolder, type GatewayCluster } from '../../support/e2e/gateway-cluster';
import { zonesNamespace } from '../../support/e2e/stage';
import { waitFor } from '../../support/wait';

const namespace = zonesNamespace;
const zones = ['a', 'b', 'c'] as const;
const nodeLabel = { 'e2e.test/zone-node': 'true' };
const replicas = 6;

interface Spec {
  readonly template: { readonly spec: object };
}

/**
 * Judged by scheduling alone: the nodes are made by hand and no kubelet runs their pods, so these never start, and
 * nothing else of the deployment matters.
 */
export function zoneSpread(figures: Figures, cluster: GatewayCluster): void {
  describe('over three zones, by scheduling alone', () => {
    beforeAll(async () => {
      await cluster.applyObjects(zones.map(nodeOf));
      for (const zone of zones) await makeReady(cluster, nodeName(zone));
      await cluster.applyObjects(deploymentOnZones());
    }, 60_000);

    afterAll(async () => {
      const { kubectl } = cluster;
      await kubectl.run(['delete', 'deployment', '--all', '-n', namespace, '--ignore-not-found']);
      await kubectl.run(['delete', 'pod', '--all', '-n', namespace, '--grace-period=0', '--force']);
      await kubectl.mustRun(['delete', 'namespace', namespace, '--ignore-not-found', '--timeout=60s']);
      await kubectl.mustRun(['delete', 'priorityclass', namespace, '--ignore-not-found']);
      await kubectl.mustRun(['delete', 'node', ...zones.map(nodeName), '--ignore-not-found']);
    }, 120_000);

    figures.property('Pods spread over three zones', '2, 2, 2', async () => {
      const spread = await spreadIs(cluster, [2, 2, 2]);
      return spread.join(', ');
    });

    figures.property('With one zone tainted, replacements schedule in the other two', '3, 3, 0', async () => {
      const begun = performance.now();
      await cluster.kubectl.mustRun(['taint', 'node', nodeName('c'), 'e2e.test/outage=true:NoExecute']);
      const spread = await spreadIs(cluster, [3, 3, 0]);
      return `${spread.join(', ')} after ${seconds(performance.now() - begun)}`;
    });
  });
}

const nodeName = (zone: string): string => `e2e-zone-${zone}`;

function nodeOf(zone: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: nodeName(zone),
      labels: {
        ...nodeLabel,
        'topology.kubernetes.io/zone': zone,
        'kubernetes.io/hostname': nodeName(zone),
        'kubernetes.io/os': 'linux',
      },
    },
  };
}

async function makeReady({ kubectl }: GatewayCluster, node: string): Promise<void> {
  const resources = { cpu: '8', memory: '32Gi', 'ephemeral-storage': '100Gi', pods: '110' };
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const ready = { type: 'Ready', status: 'True', reason: 'Made', message: 'made by hand' };
  const conditions = [{ ...ready, lastHeartbeatTime: now, lastTransitionTime: now }];
  const status = { capacity: resources, allocatable: resources, conditions };
  await kubectl.mustRun([
    ...['patch', 'node', node, '--subresource=status', '--type=merge'],
    ...['-p', JSON.stringify({ status })],
  ]);
}

/** The synthesized Deployment with what its pods need to be made, in a namespace of its own, bound to these nodes. */
function deploymentOnZones(): object[] {
  return e2eFolder({ namespace }).manifests.flatMap((manifest) => {
    if (['Namespace', 'PriorityClass', 'ServiceAccount'].includes(manifest.kind)) return [manifest];
    if (manifest.kind !== 'Deployment') return [];
    const { template, ...spec } = manifest.spec as Spec;
    const bound = { ...template, spec: { ...template.spec, nodeSelector: nodeLabel } };
    return [{ ...manifest, spec: { ...spec, replicas, template: bound } }];
  });
}

interface Scheduled {
  readonly items: readonly {
    readonly metadata: { readonly deletionTimestamp?: string };
    readonly spec: { readonly nodeName?: string };
  }[];
}

/** Waits for so many pods in each zone; a replaced pod stays, terminating, where no kubelet ends it. */
async function spreadIs({ kubectl }: GatewayCluster, wanted: readonly number[]): Promise<number[]> {
  let spread: number[] = [];
  try {
    await waitFor(
      'the pods to be scheduled',
      async () => {
        const { items } = JSON.parse(
          await kubectl.mustRun(['get', 'pod', '-n', namespace, '-o=json']),
        ) as Scheduled;
        const living = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
        spread = zones.map((zone) => living.filter(({ spec }) => spec.nodeName === nodeName(zone)).length);
        return living.length === replicas && spread.join() === wanted.join();
      },
      60_000,
    );
  } catch (error) {
    throw new Error(`the pods stand ${spread.join(', ')} over the zones, not ${wanted.join(', ')}`, {
      cause: error,
    });
  }
  return spread;
}
