import { ports } from '../../../gateway-app/contract/ports';
import type { Figures } from '../../support/e2e/figures';
import { gatewayNamespace } from '../../support/e2e/environment';
import type { GatewayCluster } from '../../support/e2e/gateway-cluster';
import { type Actor, ingress, monitoring, provider, stranger } from '../../support/e2e/stage';

const metadataAddress = '169.254.169.254';
const isOpen = (outcome: string): boolean => outcome === 'open';
const isClosed = (outcome: string): boolean => outcome !== 'open';

export function network(figures: Figures, cluster: GatewayCluster): void {
  const ipOf = async ({ namespace, pod }: Actor): Promise<string> =>
    await cluster.kubectl.mustRun(['get', 'pod', pod, '-n', namespace, '-o=jsonpath={.status.podIP}']);
  const gatewayPod = async (): Promise<Actor & { readonly ip: string }> => {
    const [pod] = await cluster.settled();
    return { namespace: gatewayNamespace, pod: pod!.name, ip: pod!.ip };
  };

  describe("the cluster's policy engine, asked by a policy of the test's own", () => {
    figures.property('The engine tells namespaces and address blocks apart', 'both', async () => {
      const [toStranger, toProvider] = [`${await ipOf(stranger)}:443`, `${await ipOf(provider)}:443`];
      // Else a closed port would pass for the work of a policy.
      expect(await cluster.actors.dialUntil(monitoring, toStranger, isOpen)).toBe('open');
      expect(await cluster.actors.dialUntil(stranger, toProvider, isOpen)).toBe('open');
      const policy = ownPolicy(await ipOf(provider));
      await cluster.applyObjects([policy]);
      try {
        expect(isClosed(await cluster.actors.dialUntil(monitoring, toStranger, isClosed))).toBe(true);
        expect(await cluster.actors.dialUntil(ingress, toStranger, isOpen)).toBe('open');
        expect(isClosed(await cluster.actors.dialUntil(stranger, toProvider, isClosed))).toBe(true);
        expect(await cluster.actors.dialUntil(stranger, `${await ipOf(monitoring)}:443`, isOpen)).toBe(
          'open',
        );
      } finally {
        await cluster.kubectl.mustRun(['delete', '-f', '-'], JSON.stringify(policy));
      }
      expect(await cluster.actors.dialUntil(monitoring, toStranger, isOpen)).toBe('open');
      return 'both, and all is open again without the policy';
    });
  });

  describe('the NetworkPolicies of the gateway', () => {
    figures.property('NetworkPolicy lets pass what it must', 'all 5 open', async () => {
      const gateway = await gatewayPod();
      const seen = {
        'ingress namespace to 8080': (
          await cluster.actors.dial(ingress, `${gateway.ip}:${ports.public.number}`)
        )[0],
        'monitoring to 9090': (
          await cluster.actors.dial(monitoring, `${gateway.ip}:${ports.admin.number}`)
        )[0],
        // By name, so DNS has answered as well.
        'DNS and provider': (
          await cluster.actors.dial(gateway, 'model-server.production.svc.cluster.local:443')
        )[0],
        'provider by address': (await cluster.actors.dial(gateway, `${await ipOf(provider)}:443`))[0],
        'DNS over TCP': (await cluster.actors.dial(gateway, `${await dnsAddress(cluster)}:53`))[0],
      };
      expect(seen).toEqual(Object.fromEntries(Object.keys(seen).map((name) => [name, 'open'])));
      return Object.keys(seen).join(', ');
    });

    figures.property('NetworkPolicy stops what it must', 'all 6 closed', async () => {
      const gateway = await gatewayPod();
      await reachMetadata(cluster);
      const [publicPort, adminPort] = [ports.public.number, ports.admin.number];
      const [fromStranger, fromIngress, fromMonitoring, outward] = await Promise.all([
        cluster.actors.dial(stranger, `${gateway.ip}:${publicPort}`, `${gateway.ip}:${adminPort}`),
        cluster.actors.dial(ingress, `${gateway.ip}:${adminPort}`),
        cluster.actors.dial(monitoring, `${gateway.ip}:${publicPort}`),
        cluster.actors.dial(gateway, `${metadataAddress}:443`, `${await ipOf(stranger)}:443`),
      ]);
      const seen = {
        'another namespace to 8080': fromStranger[0],
        'another namespace to 9090': fromStranger[1],
        'ingress namespace to 9090': fromIngress[0],
        'monitoring to 8080': fromMonitoring[0],
        [`gateway to ${metadataAddress}:443`]: outward[0],
        'gateway to a foreign pod on 443': outward[1],
      };
      expect(Object.values(seen)).not.toContain('open');
      return Object.entries(seen)
        .map(([what, outcome]) => `${what}: ${outcome ?? ''}`)
        .join('; ');
    });
  });
}

/**
 * An address that nobody reaches proves nothing: where no cloud answers at it, a pod stands in. Only there: a Service at
 * the address of a real one would take it from every pod of the cluster.
 */
async function reachMetadata(cluster: GatewayCluster): Promise<void> {
  const address = `${metadataAddress}:443`;
  if ((await cluster.actors.dial(monitoring, address))[0] === 'open') return;
  const metadata = { name: 'metadata', namespace: stranger.namespace };
  const spec = {
    type: 'LoadBalancer',
    // No controller may order a real one.
    loadBalancerClass: 'e2e.test/none',
    selector: { app: stranger.pod },
    ports: [{ port: 443 }],
  };
  await cluster.applyObjects([{ apiVersion: 'v1', kind: 'Service', metadata, spec }]);
  await cluster.kubectl.mustRun([
    ...['patch', 'service', metadata.name, '-n', metadata.namespace, '--subresource=status', '--type=merge'],
    ...['-p', JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: metadataAddress }] } } })],
  ]);
  expect(await cluster.actors.dialUntil(monitoring, address, isOpen)).toBe('open');
}

/** Lets only the ingress namespace in, and everything but one address out. */
function ownPolicy(closedAddress: string): object {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'trial', namespace: stranger.namespace },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [
            { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': ingress.namespace } } },
          ],
        },
      ],
      egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: [`${closedAddress}/32`] } }] }],
    },
  };
}

async function dnsAddress({ kubectl }: GatewayCluster): Promise<string> {
  return await kubectl.mustRun([
    ...['get', 'service', '-n', 'kube-system', '-l=k8s-app=kube-dns'],
    '-o=jsonpath={.items[0].spec.clusterIP}',
  ]);
}
