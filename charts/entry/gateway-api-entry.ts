import type { Construct } from 'constructs';
import { apiPrefix, httpPaths } from '../../gateway-app/contract/paths';
import { BackendTlsPolicy } from '../../imports/backendtlspolicy-gateway.networking.k8s.io';
import type { GatewayProps } from '../../imports/gatewayapi-gateway.networking.k8s.io';
import type { HttpRouteProps } from '../../imports/httproute-gateway.networking.k8s.io';
import type { BackendTlsSettings, GatewayApiSettings } from '../config/schema/entry';
import { noEffects } from '../kit/entry-effects';
import { metadataOf } from '../kit/identity';
import { addTypedObject } from '../kit/operator-object';
import type { WorkloadRef } from '../kit/workload-ref';
import { addCertificate, nameAtProxies } from './certificate';
import { routeTimeout, type EntryContext, type GatewayEntry } from './gateway-entry';

const apiVersion = 'gateway.networking.k8s.io/v1';

/** A Gateway of its own beside the proxies that serve it, the route from there to the pods, and how its TLS is checked. */
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
    const { backendTls } = this.settings;
    if (backendTls !== undefined) addBackendTls(scope, workload, backendTls);
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

/** The proxies speak TLS to the pods, and send nothing before the certificate is the one that they expect. */
function addBackendTls(
  scope: Construct,
  workload: WorkloadRef,
  { hostName, authority }: BackendTlsSettings,
): void {
  // With its class: the field for authorities of the image is spelled otherwise in the type.
  new BackendTlsPolicy(scope, 'backend-tls', {
    metadata: metadataOf(workload),
    spec: {
      targetRefs: [
        { group: '', kind: 'Service', name: workload.name, sectionName: workload.ports.public.name },
      ],
      validation: {
        hostname: hostName,
        ...('caConfigMap' in authority
          ? { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: authority.caConfigMap }] }
          : { wellKnownCaCertificates: authority.wellKnown }),
      },
    },
  });
}
