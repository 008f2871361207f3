import type { Construct } from 'constructs';
import { apiPrefix, httpPaths } from '../../gateway-app/contract/paths';
import type { GatewayProps } from '../../imports/gatewayapi-gateway.networking.k8s.io';
import type { HttpRouteProps } from '../../imports/httproute-gateway.networking.k8s.io';
import type { GatewayApiSettings } from '../config/schema/entry';
import { noEffects } from '../kit/entry-effects';
import { metadataOf } from '../kit/identity';
import { addTypedObject } from '../kit/operator-object';
import type { WorkloadRef } from '../kit/workload-ref';
import { addCertificate, nameAtProxies } from './certificate';
import { routeTimeout, type EntryContext, type GatewayEntry } from './gateway-entry';

const apiVersion = 'gateway.networking.k8s.io/v1';

/** A Gateway of its own beside the proxies that serve it, and the route from there to the pods. */
export class GatewayApiEntry implements GatewayEntry {
  readonly effects = noEffects;

  constructor(
    private readonly settings: GatewayApiSettings,
    private readonly context: EntryContext,
  ) {}

  attach(scope: Construct, workload: WorkloadRef): void {
    const { hosts, ingressNamespace } = this.context;
    const secretName = addCertificate(scope, {
      identity: workload,
      namespace: ingressNamespace,
      hosts,
      issuer: this.settings.certificate,
    });
    this.addGateway(scope, workload, secretName);
    this.addRoute(scope, workload);
  }

  private addGateway(scope: Construct, workload: WorkloadRef, secretName: string): void {
    const { hosts, ingressNamespace } = this.context;
    const fromHere = { 'kubernetes.io/metadata.name': workload.namespace };
    addTypedObject<GatewayProps>(
      scope,
      'gateway',
      { apiVersion, kind: 'Gateway' },
      {
        metadata: { ...metadataOf(workload), name: nameAtProxies(workload), namespace: ingressNamespace },
        spec: {
          gatewayClassName: this.settings.gatewayClass,
          // None on port 80: by the time that a client is sent to TLS, its key has crossed the network in clear.
          listeners: hosts.map((hostname, index) => ({
            name: `https-${index + 1}`,
            hostname,
            port: 443,
            protocol: 'HTTPS',
            tls: { mode: 'Terminate', certificateRefs: [{ name: secretName }] },
            allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: fromHere } } },
          })),
        },
      },
    );
  }

  private addRoute(scope: Construct, workload: WorkloadRef): void {
    const { hosts, ingressNamespace } = this.context;
    addTypedObject<HttpRouteProps>(
      scope,
      'route',
      { apiVersion, kind: 'HTTPRoute' },
      {
        metadata: metadataOf(workload),
        spec: {
          parentRefs: [{ name: nameAtProxies(workload), namespace: ingressNamespace }],
          hostnames: [...hosts],
          rules: [
            {
              matches: [
                { path: { type: 'PathPrefix', value: apiPrefix } },
                { path: { type: 'Exact', value: httpPaths.ready } },
              ],
              backendRefs: [{ name: workload.name, port: workload.ports.public.number }],
              timeouts: { request: routeTimeout },
            },
          ],
        },
      },
    );
  }
}
