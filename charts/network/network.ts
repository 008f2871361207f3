import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { RuntimeConfig } from '../../gateway-app/contract/runtime-config';
import { parseInput } from '../config/parse';
import { network, type Egress } from '../config/schema/parts';
import type { NetworkInput } from '../config/types';
import { metadataOf } from '../kit/identity';
import type { WorkloadRef } from '../kit/workload-ref';
import { destinationsOf, type Destination } from '../kit/destinations';
import { egressRules, namespacePeer, policyPort } from '../kit/egress-rules';

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

  /** Adds the objects that close and open the network. */
  abstract attach(scope: Construct, workload: WorkloadRef, config: RuntimeConfig): void;
}

const dnsNamespace = 'kube-system';
const dnsPort = 53;

class Policies extends Network {
  private readonly settings;

  constructor(input: NetworkInput) {
    super();
    this.settings = parseInput(network, input, 'Network.policies');
  }

  override attach(scope: Construct, workload: WorkloadRef, config: RuntimeConfig): void {
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
        ingress: this.ingress(workload),
        egress: this.egress(workload, config),
      },
    });
  }

  private ingress({ ports }: WorkloadRef): k8s.NetworkPolicyIngressRule[] {
    const { ingressNamespace, monitoringNamespace } = this.settings;
    return [
      { from: [namespacePeer(ingressNamespace)], ports: [policyPort(ports.public.number)] },
      { from: [namespacePeer(monitoringNamespace)], ports: [policyPort(ports.admin.number)] },
    ];
  }

  private egress({ namespace }: WorkloadRef, config: RuntimeConfig): k8s.NetworkPolicyEgressRule[] {
    return [
      {
        to: [namespacePeer(dnsNamespace)],
        ports: [policyPort(dnsPort, 'UDP'), policyPort(dnsPort, 'TCP')],
      },
      ...egressRules([...destinationsOf(config, namespace), ...this.settings.egress.map(givenDestination)]),
    ];
  }
}

function givenDestination(egress: Egress): Destination {
  return 'cidr' in egress ? { kind: 'block', ...egress } : { kind: 'namespace', ...egress };
}
