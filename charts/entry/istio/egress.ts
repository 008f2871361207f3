import { isIP } from 'node:net';
import type { Construct } from 'constructs';
import type { RuntimeConfig } from '../../../gateway-app/contract/runtime-config';
import type { ServiceEntryProps } from '../../../imports/serviceentry-networking.istio.io';
import type { SidecarProps } from '../../../imports/sidecar-networking.istio.io';
import type { VirtualServiceProps } from '../../../imports/virtualservice-networking.istio.io';
import { endpointsOf, serviceOf, type Endpoint } from '../../kit/destinations';
import { metadataOf } from '../../kit/identity';
import { addTypedObject } from '../../kit/operator-object';
import type { WorkloadRef } from '../../kit/workload-ref';
import { idleTimeout, noRetries } from './front';

const apiVersion = 'networking.istio.io/v1';

/** A long answer comes by TCP, which the proxy catches too. */
const nameServer = 'kube-system/kube-dns.kube-system.svc.cluster.local';

/** The ports of one host, each with what is spoken there. */
interface Target {
  readonly host: string;
  readonly ports: ReadonlyMap<number, Endpoint['protocol']>;
}

/** Ways out: to what the configuration names, and to nothing else. */
export function addEgress(scope: Construct, workload: WorkloadRef, config: RuntimeConfig): void {
  const endpoints = endpointsOf(config);
  const services = endpoints.flatMap((endpoint) => {
    const service = serviceOf(endpoint.host, workload.namespace);
    return service === undefined ? [] : { ...endpoint, ...service };
  });
  const outside = endpoints.filter(({ host }) => serviceOf(host, workload.namespace) === undefined);
  addSidecar(scope, workload, services);
  for (const target of targetsOf(outside)) addServiceEntry(scope, workload, target);
  for (const target of targetsOf([...services, ...outside.filter(({ host }) => isIP(host) === 0)])) {
    addPlainRoutes(scope, workload, target);
  }
}

/** The pod's proxy: what it knows of the mesh, and how it speaks to the gateway beside it. */
function addSidecar(
  scope: Construct,
  workload: WorkloadRef,
  services: readonly { readonly namespace: string; readonly host: string }[],
): void {
  const known = services.map(({ namespace, host }) => `${namespace}/${host}`);
  addTypedObject<SidecarProps>(
    scope,
    'sidecar',
    { apiVersion, kind: 'Sidecar' },
    {
      metadata: metadataOf(workload),
      spec: {
        workloadSelector: { labels: { ...workload.podLabels } },
        inboundConnectionPool: { http: { idleTimeout } },
        outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
        egress: [{ hosts: [...new Set(['./*', nameServer, ...known])].sort() }],
      },
    },
  );
}

/** A host outside the cluster. */
function addServiceEntry(scope: Construct, workload: WorkloadRef, { host, ports }: Target): void {
  const isAddress = isIP(host) !== 0;
  const protocolOf = (protocol: Endpoint['protocol']) =>
    // To an address no name is sent by which the connection could be told.
    isAddress ? 'TCP' : protocol.toUpperCase();
  addTypedObject<ServiceEntryProps>(
    scope,
    `service-entry-${host}`,
    { apiVersion, kind: 'ServiceEntry' },
    {
      metadata: metadataOf(workload, nameOf(host)),
      spec: {
        exportTo: ['.'],
        location: 'MESH_EXTERNAL',
        ...(isAddress
          ? { hosts: [`${nameOf(host)}.address.internal`], addresses: [host], resolution: 'NONE' as const }
          : { hosts: [host], resolution: 'DNS' as const }),
        ports: [...ports].map(([number, protocol]) => ({
          name: `${protocolOf(protocol).toLowerCase()}-${number}`,
          number,
          protocol: protocolOf(protocol),
        })),
      },
    },
  );
}

/** The proxy reads HTTP that is not within TLS, and would repeat what fails. */
function addPlainRoutes(scope: Construct, workload: WorkloadRef, { host, ports }: Target): void {
  const plain = [...ports].filter(([, protocol]) => protocol === 'http').map(([port]) => port);
  if (plain.length === 0) return;
  addTypedObject<VirtualServiceProps>(
    scope,
    `plain-routes-${host}`,
    { apiVersion, kind: 'VirtualService' },
    {
      metadata: metadataOf(workload, nameOf(host)),
      spec: {
        exportTo: ['.'],
        hosts: [host],
        http: plain.map((number) => ({
          match: [{ port: number }],
          route: [{ destination: { host, port: { number } } }],
          retries: noRetries,
        })),
      },
    },
  );
}

/** Each host once, hosts and ports in order, so that the order of the input changes nothing. */
function targetsOf(endpoints: readonly Pick<Endpoint, 'host' | 'port' | 'protocol'>[]): Target[] {
  const byHost = new Map<string, Map<number, Endpoint['protocol']>>();
  for (const { host, port, protocol } of [...endpoints].sort((left, right) => left.port - right.port)) {
    byHost.set(host, (byHost.get(host) ?? new Map<number, Endpoint['protocol']>()).set(port, protocol));
  }
  return [...byHost]
    .map(([host, ports]) => ({ host, ports }))
    .sort((left, right) => (left.host < right.host ? -1 : 1));
}

/** A host as a part of an object's name: an IPv6 address has colons, also at its end. */
function nameOf(host: string): string {
  return host.replaceAll(':', '-').replace(/-$/, '-0');
}
