import type { Construct } from 'constructs';
import { adminPrefix } from '../../../gateway-app/contract/admin';
import { apiPrefix, httpPaths } from '../../../gateway-app/contract/paths';
import { clientTimings } from '../../../gateway-app/contract/timings';
import type { DestinationRuleProps } from '../../../imports/destinationrule-networking.istio.io';
import type { GatewayProps } from '../../../imports/istiogateway-networking.istio.io';
import type { VirtualServiceProps } from '../../../imports/virtualservice-networking.istio.io';
import { metadataOf } from '../../kit/identity';
import { addTypedObject } from '../../kit/operator-object';
import type { WorkloadRef } from '../../kit/workload-ref';
import { routeTimeout, secondsText } from '../gateway-entry';

const apiVersion = 'networking.istio.io/v1';

export interface FrontProps {
  readonly hosts: readonly string[];
  /** Of the ingress gateway's pods. */
  readonly gatewayLabels: Readonly<Record<string, string>>;
  /** Secret with the certificate, in the namespace of these pods. */
  readonly credentialName: string;
  /** Whether a way leads to `/admin`. */
  readonly withAdmin: boolean;
  /** Namespaces whose pods come directly. */
  readonly consumers: readonly string[];
}

/** Envoy repeats a request on 503 by itself, and a repeated prompt is paid twice. The gateway alone knows which it may. */
export const noRetries = { attempts: 0 };

/** An idle connection is given up here before the gateway closes it, else a request meets a closing socket. */
export const idleTimeout = secondsText(clientTimings.proxyKeepAliveMs);

/** From the ingress gateway to the pods: the listener, its routes, and how connections are made. */
export function addFront(scope: Construct, workload: WorkloadRef, props: FrontProps): void {
  const serviceHost = `${workload.name}.${workload.namespace}.svc.cluster.local`;
  addGateway(scope, workload, props);
  addRoutes(scope, workload, props, serviceHost);
  addTypedObject<DestinationRuleProps>(
    scope,
    'destination-rule',
    { apiVersion, kind: 'DestinationRule' },
    {
      metadata: metadataOf(workload),
      spec: {
        host: serviceHost,
        trafficPolicy: {
          tls: { mode: 'ISTIO_MUTUAL' },
          // No outlierDetection: it would take a pod out for the 5xx of a provider, which every pod would answer.
          connectionPool: { http: { h2UpgradePolicy: 'DO_NOT_UPGRADE', idleTimeout } },
        },
      },
    },
  );
}

function addGateway(scope: Construct, workload: WorkloadRef, props: FrontProps): void {
  addTypedObject<GatewayProps>(
    scope,
    'gateway',
    { apiVersion, kind: 'Gateway' },
    {
      metadata: metadataOf(workload),
      spec: {
        selector: { ...props.gatewayLabels },
        // None on port 80: by the time that a client is sent to TLS, its key has crossed the network in clear.
        servers: [
          {
            port: { name: 'https', number: 443, protocol: 'HTTPS' },
            // Routes of this namespace only: no other takes over a host by a route of its own.
            hosts: props.hosts.map((host) => `./${host}`),
            tls: {
              mode: 'SIMPLE',
              minProtocolVersion: 'TLSV1_2',
              credentialName: props.credentialName,
            },
          },
        ],
      },
    },
  );
}

function addRoutes(
  scope: Construct,
  workload: WorkloadRef,
  { hosts, withAdmin, consumers }: FrontProps,
  serviceHost: string,
): void {
  const { ports } = workload;
  const routeTo = (port: number) => ({
    route: [{ destination: { host: serviceHost, port: { number: port } } }],
    timeout: routeTimeout,
    retries: noRetries,
  });
  addTypedObject<VirtualServiceProps>(
    scope,
    'routes',
    { apiVersion, kind: 'VirtualService' },
    {
      metadata: metadataOf(workload),
      spec: {
        hosts: [...hosts],
        gateways: [workload.name],
        http: [
          {
            name: 'api',
            match: [{ uri: { prefix: apiPrefix } }, { uri: { exact: httpPaths.ready } }],
            ...routeTo(ports.public.number),
          },
          ...(withAdmin
            ? [{ name: 'admin', match: [{ uri: { prefix: adminPrefix } }], ...routeTo(ports.admin.number) }]
            : []),
        ],
      },
    },
  );
  if (consumers.length === 0) return;
  addTypedObject<VirtualServiceProps>(
    scope,
    'direct-routes',
    { apiVersion, kind: 'VirtualService' },
    {
      metadata: metadataOf(workload, 'direct'),
      spec: {
        // The proxies of the consumers repeat as well, unless they are told.
        exportTo: [...consumers],
        hosts: [serviceHost],
        http: [{ match: [{ port: ports.public.number }], ...routeTo(ports.public.number) }],
      },
    },
  );
}
