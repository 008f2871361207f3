import { Chart, JsonPatch } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Identity } from '../kit/identity';

/** Above what has no class (0) and what most batch classes have; far below the cluster's own, which begin at 2 billion. */
const value = 1_000_000;

/**
 * How the gateway ranks: where the cluster is full, a batch job gives way.
 *
 * A class belongs to no namespace, so its name is the gateway's namespace, which no other gateway of the cluster has.
 */
export class GatewayPriorityClass extends k8s.KubePriorityClass {
  constructor(scope: Construct, id: string, identity: Identity) {
    super(scope, id, {
      metadata: { name: priorityClassName(identity), labels: { ...identity.labels } },
      value,
      globalDefault: false,
      preemptionPolicy: 'PreemptLowerPriority',
      description: `Serves requests while they wait: ${identity.name} in ${identity.namespace}.`,
    });
    // A chart with a default namespace gives it to every object, and the API server refuses it on this one.
    if (Chart.of(this).namespace !== undefined) this.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
}

export function priorityClassName({ namespace }: Identity): string {
  return namespace;
}
