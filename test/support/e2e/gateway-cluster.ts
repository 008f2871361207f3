import production from '../../../charts/config/environments/production';
import { synthesize } from '../../../charts/synthesize';
import { type Cluster, foreignKubeconfig, openCluster } from '../cluster';
import type { Kubectl } from '../kubectl';
import { type Folder, writeFolder } from '../reference-manifests';
import { waitFor } from '../wait';
import { Actors } from './actors';
import { type Change, e2eEnvironment, gatewayNamespace, region } from './environment';
import { providerKeys, stage, stageNamespaces, zonesNamespace } from './stage';

const deployment = 'deployment/ai-gateway';
/** Pods at any time, as the reference has it. */
export const minReplicas = production.regions['primary']?.replicas ?? 0;
const zoneLabel = 'topology.kubernetes.io/zone';

export interface GatewayPod {
  readonly name: string;
  readonly ip: string;
  readonly uid: string;
  readonly restarts: number;
}

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
    readonly status: {
      readonly podIP?: string;
      readonly conditions?: readonly { readonly type: string; readonly status: string }[];
      readonly containerStatuses?: readonly { readonly restartCount: number }[];
    };
  }[];
}

/** The folder of one region, synthesized anew. */
export function e2eFolder(change: Change = {}): Folder {
  return synthesize(e2eEnvironment(change)).folders.find(({ name }) => name === region) as unknown as Folder;
}

/** The gateway, and all that stands around it, on the cluster of KUBECONFIG. */
export class GatewayCluster {
  readonly #cleanUps: (() => unknown)[] = [];
  #cluster: Cluster | undefined;
  #change: Change = {};

  /** @throws Error where the cluster holds one of the objects or namespaces already. */
  async open(): Promise<void> {
    if (foreignKubeconfig === undefined) {
      throw new Error('KUBECONFIG is not set, and must name the cluster to test on. Nothing was tested.');
    }
    const files = writeFolder(e2eFolder());
    this.#cleanUps.push(files.remove);
    const cluster = (this.#cluster = await openCluster(files.path));
    this.#cleanUps.push(cluster.release, () => this.#endPods());
    await this.#raiseStage();
    const namespace = e2eFolder().manifests.find(({ kind }) => kind === 'Namespace');
    await this.applyObjects([namespace!, providerKeys('first')]);
    await cluster.kubectl.mustRun(['apply', '--server-side', '--validate=strict', '-f', files.path]);
  }

  /** What pods of this cluster do. */
  get actors(): Actors {
    return new Actors(this.kubectl);
  }

  get kubectl(): Kubectl {
    if (this.#cluster === undefined) throw new Error('the cluster is not open');
    return this.#cluster.kubectl;
  }

  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const cleanUp of this.#cleanUps.reverse()) {
      try {
        await cleanUp();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Not all that was made is removed.');
  }

  /** A namespace that is deleted with pods in it first waits for half of their grace period. */
  async #endPods(): Promise<void> {
    const args = ['-n', gatewayNamespace, '--ignore-not-found', '--timeout=150s'];
    await this.kubectl.mustRun(['delete', deployment, '--cascade=foreground', ...args]);
  }

  async #raiseStage(): Promise<void> {
    const found = await this.kubectl.mustRun([
      'get',
      'namespace',
      ...stageNamespaces,
      zonesNamespace,
      '--ignore-not-found',
      '-o=name',
    ]);
    if (found !== '') {
      throw new Error(
        `The cluster holds namespaces that the test would make. They are left as they are:\n${found}`,
      );
    }
    const unzoned = await this.kubectl.mustRun(['get', 'node', `-l!${zoneLabel}`, '-o=name']);
    for (const [index, node] of unzoned.split('\n').filter(Boolean).entries()) {
      await this.kubectl.mustRun(['label', node, `${zoneLabel}=e2e-${index}`]);
      this.#cleanUps.push(() => this.kubectl.mustRun(['label', node, `${zoneLabel}-`]));
    }
    this.#cleanUps.push(() =>
      this.kubectl.mustRun([
        'delete',
        'namespace',
        ...stageNamespaces,
        '--ignore-not-found',
        '--timeout=120s',
      ]),
    );
    await this.applyObjects(stage());
    for (const namespace of stageNamespaces) {
      await this.kubectl.mustRun([
        'wait',
        'pod',
        '--all',
        '-n',
        namespace,
        '--for=condition=Ready',
        '--timeout=120s',
      ]);
    }
  }

  async applyObjects(objects: readonly object[]): Promise<void> {
    const list = { apiVersion: 'v1', kind: 'List', items: objects };
    await this.kubectl.mustRun(['apply', '--server-side', '-f', '-'], JSON.stringify(list));
  }

  /** Applies the environment with a change more, as a team would: from its synthesized folder. */
  async change(change: Change): Promise<void> {
    this.#change = { ...this.#change, ...change };
    const files = writeFolder(e2eFolder(this.#change));
    try {
      await this.kubectl.mustRun(['apply', '--server-side', '--validate=strict', '-f', files.path]);
    } finally {
      files.remove();
    }
  }

  /** Waits until every pod is of the newest revision and Ready. */
  async rolledOut(): Promise<void> {
    await this.kubectl.mustRun(['rollout', 'status', deployment, '-n', gatewayNamespace, '--timeout=150s']);
  }

  /** Pods that are Ready and not on their way out. */
  async readyPods(): Promise<GatewayPod[]> {
    const { items } = await this.#pods();
    return items
      .filter(
        ({ metadata, status }) =>
          metadata.deletionTimestamp === undefined &&
          status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true,
      )
      .map(({ metadata, status }) => ({
        name: metadata.name,
        uid: metadata.uid,
        ip: status.podIP ?? '',
        restarts: status.containerStatuses?.[0]?.restartCount ?? 0,
      }));
  }

  /** Waits until as many pods as the autoscaler wants are Ready and no other is left. */
  async settled(limitMs = 180_000): Promise<GatewayPod[]> {
    return await waitFor(
      'the gateway to settle',
      async () => {
        const [ready, { items }] = [await this.readyPods(), await this.#pods()];
        const wanted = await this.replicas();
        // A new Deployment has one pod until the autoscaler has seen it.
        return wanted >= minReplicas && ready.length === wanted && items.length === wanted
          ? ready
          : undefined;
      },
      limitMs,
    );
  }

  /** Pods that the Deployment wants. */
  async replicas(): Promise<number> {
    return Number(
      await this.kubectl.mustRun(['get', deployment, '-n', gatewayNamespace, '-o=jsonpath={.spec.replicas}']),
    );
  }

  async #pods(): Promise<PodList> {
    const selector = '-l=app.kubernetes.io/name=ai-gateway';
    return JSON.parse(
      await this.kubectl.mustRun(['get', 'pod', '-n', gatewayNamespace, selector, '-o=json']),
    ) as PodList;
  }
}
