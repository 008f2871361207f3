import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { RuntimeConfig } from '../../gateway-app/contract/runtime-config';
import { parseInput } from '../config/parse';
import { network, type Egress } from '../config/schema/parts';
import type { NetworkInput } from '../config/types';
import type { EntryEffects } from '../kit/entry-effects';
import { metadataOf } from '../kit/identity';
import type { WorkloadRef } from '../kit/workload-ref';
import { destinationsOf, type Destination } from '../kit/destinations';
import { dnsRule, egressRules, namespacePeer, policyPort } from '../kit/egress-rules';

/** Who reaches the gateway, and whom it reaches. Replace it by a subclass of your own, e.g. for another policy engine. */
export abstract class Network {
  /** For the compiler only: by shape alone, one part could stand for another. */
  declare protected readonly part: 'network';

  /**
   * NetworkPolicies: everything is denied in both directions, then opened is what the input names and what the
   * configuration's providers and store need.
   *
   * @throws InvalidInput where the input is not valid.
   */
  static policies(input: NetworkInput = {}): Network {
    return new Policies(input);
  }

  /** Namespace whose pods bring the requests. */
  abstract readonly ingressNamespace: string;
  /** Namespace of Prometheus. */
  abstract readonly monitoringNamespace: string;
  /** Namespaces whose pods bring requests of their own, past the entry. */
  readonly consumers: readonly string[] = [];

  /**
   * Adds the objects that close and open the network.
   *
   * @param entry Openings that the entry needs besides.
   */
  abstract attach(scope: Construct, workload: WorkloadRef, config: RuntimeConfig, entry: EntryOpenings): void;
}

type EntryOpenings = Pick<EntryEffects, 'ingress' | 'egress'>;

class Policies extends Network {
  readonly ingressNamespace: string;
  readonly monitoringNamespace: string;
  private readonly egress: readonly Egress[];
  override readonly consumers: readonly string[];

  constructor(input: NetworkInput) {
    super();
    const settings = parseInput(network, input, 'Network.policies');
    this.ingressNamespace = settings.ingressNamespace;
    this.monitoringNamespace = settings.monitoringNamespace;
    this.egress = settings.egress;
    this.consumers = settings.consumers;
  }

  override attach(
    scope: Construct,
    workload: WorkloadRef,
    config: RuntimeConfig,
    entry: EntryOpenings,
  ): void {
    const policyTypes = ['Ingress', 'Egress'];
    // Every pod of the namespace, also one that nobody thought of.
    new k8s.KubeNetworkPolicy(scope, 'default-deny', {
      metadata: metadataOf(workload, 'default-deny'),
      spec: { podSelector: {}, policyTypes },
    });
    new k8s.KubeNetworkPolicy(scope, 'openings', {
      metadata: metadataOf(workload),
      spec: {
        podSelector: { matchLabels: workload.podLabels },
        policyTypes,
        ingress: this.ingressRules(workload, entry),
        egress: this.egressRules(workload, config, entry),
      },
    });
  }

  private ingressRules({ ports }: WorkloadRef, { ingress }: EntryOpenings): k8s.NetworkPolicyIngressRule[] {
    return [
      ...[this.ingressNamespace, ...this.consumers].map((peer) => ({
        namespace: peer,
        port: ports.public.number,
      })),
      { namespace: this.monitoringNamespace, port: ports.admin.number },
      ...ingress,
    ].map(({ namespace, port }) => ({ from: [namespacePeer(namespace)], ports: [policyPort(port)] }));
  }

  private egressRules(
    { namespace }: WorkloadRef,
    config: RuntimeConfig,
    { egress }: EntryOpenings,
  ): k8s.NetworkPolicyEgressRule[] {
    return [
      dnsRule(),
      ...egressRules([
        ...destinationsOf(config, namespace),
        ...[...this.egress, ...egress].map(givenDestination),
      ]),
    ];
  }
}

function givenDestination(egress: Egress): Destination {
  return 'cidr' in egress ? { kind: 'block', ...egress } : { kind: 'namespace', ...egress };
}
