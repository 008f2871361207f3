import type { EntrySettings, GatewayApiSettings, IstioSettings } from './config/schema/entry';
import type { Environment } from './config/schema/environment';

/** What the entry's objects need of the cluster. */
export function entryPrerequisites(environment: Environment): string[] {
  const { entry } = environment;
  switch (entry.kind) {
    case 'istio':
      return [issuer(entry), ...istio(entry, environment)];
    case 'gateway-api':
      return [issuer(entry), gatewayClass(entry, environment), ...backend(entry, environment)];
    case 'none':
      return [];
  }
}

function issuer({ certificate }: Exclude<EntrySettings, { kind: 'none' }>): string {
  const who =
    'clusterIssuer' in certificate
      ? `ClusterIssuer ${certificate.clusterIssuer}`
      : `Issuer ${certificate.issuer}`;
  return `entry.certificate: cert-manager and its ${who} must be in each region. Without them the entry has no certificate and answers nobody.`;
}

function istio(
  { gatewayLabel, gatewayServiceAccount, controlPlaneNamespace, admin }: IstioSettings,
  { network: { ingressNamespace, consumers }, config }: Environment,
): string[] {
  const direct =
    consumers.length === 0
      ? []
      : [
          `network.consumers: the pods of ${consumers.join(', ')} must have a sidecar. The mesh takes no connection without a certificate, and knows by it which namespace asks.`,
        ];
  const mesh = `entry: Istio 1.24 or newer must run, with its CNI plugin (Pod Security restricted refuses pods with its own init container), istiod in ${controlPlaneNamespace}, and in ${ingressNamespace} an ingress gateway with the label istio=${gatewayLabel} and the service account ${gatewayServiceAccount}: the mesh lets in no other.`;
  const proxies = (config.admin?.trustedProxyHops ?? 1) - 1;
  if (admin.kind === 'port-forward') return [mesh, ...direct];
  return [
    mesh,
    ...direct,
    `entry.admin: the ingress gateway must see its clients' addresses (externalTrafficPolicy: Local, or the PROXY protocol) and trust ${proxies} proxies before it (numTrustedProxies: ${proxies}). Else /admin is closed to everybody, or open to whoever comes through such a proxy.`,
  ];
}

function gatewayClass(
  { gatewayClass: name, backendTls }: GatewayApiSettings,
  { network: { ingressNamespace } }: Environment,
): string {
  const toPods = backendTls === undefined ? ' From them to the pods everything is in plain text.' : '';
  return `entry: the GatewayClass ${name} must exist, and its proxies run in ${ingressNamespace} (network.ingressNamespace), speak TLS 1.2 or newer only and repeat no request by themselves: the Gateway API has a field for neither.${toPods}`;
}

function backend({ backendTls }: GatewayApiSettings, { namespace, config: { tls } }: Environment): string[] {
  if (backendTls === undefined || tls === undefined) return [];
  const { authority, hostName } = backendTls;
  const trust =
    'caConfigMap' in authority
      ? `the ConfigMap ${authority.caConfigMap} must be in ${namespace}, its entry ca.crt with the authority`
      : 'the image of the proxies must bring the authority';
  return [
    `entry.backendTls: the class must serve BackendTLSPolicy v1 and speak ${tls.minVersion} or newer to the pods; ${trust} that signed ${tls.certFile}, and that certificate hold the name ${hostName}. Else each request is answered by the proxies, with an error.`,
  ];
}
