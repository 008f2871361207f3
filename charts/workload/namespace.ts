import { Chart, JsonPatch } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { Identity } from '../kit/identity';

/** Pod Security Standards by which the API server judges each pod of the namespace. */
const restricted = Object.fromEntries(
  ['enforce', 'audit', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
);

/** A namespace of the gateway's own, for nothing else. */
export class GatewayNamespace extends k8s.KubeNamespace {
  constructor(scope: Construct, id: string, identity: Identity) {
    super(scope, id, {
      metadata: { name: identity.namespace, labels: { ...identity.labels, ...restricted } },
    });
    // A chart with a default namespace gives it to every object, and the API server refuses it on this one.
    if (Chart.of(this).namespace !== undefined) this.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
}
