import { Admin, Entry, type EnvironmentInput, synthesize } from '../../../charts';
import production from '../../../charts/config/environments/production';

const certificate = { clusterIssuer: 'public-ca' };
const warningsOf = (fields: Partial<EnvironmentInput>): string =>
  synthesize({ ...production, ...fields })
    .warnings.filter((warning) => /^(entry|network\.consumers)/.test(warning))
    .join('\n');

it('Istio is told with what it must bring', () => {
  const warnings = warningsOf({
    network: { ingressNamespace: 'edge' },
    entry: Entry.istio({
      certificate,
      gatewayLabel: 'edge-gw',
      gatewayServiceAccount: 'edge-sa',
      controlPlaneNamespace: 'mesh',
    }),
  });
  expect(warnings).toMatch(/CNI .* istiod in mesh, and in edge .* istio=edge-gw .* edge-sa/);
  expect(warnings).toContain('ClusterIssuer public-ca');
  expect(warnings).not.toContain('entry.admin');
});

it.each([
  [1, /trust 0 proxies .*numTrustedProxies: 0/],
  [3, /trust 2 proxies .*numTrustedProxies: 2/],
])('a way to /admin past %i hops is told with the proxies that the ingress gateway trusts', (hops, text) => {
  const admin = { ...production.config.admin!, allowlist: ['203.0.113.0/24'], trustedProxyHops: hops };
  expect(
    warningsOf({
      entry: Entry.istio({ certificate, admin: Admin.viaIngress() }),
      config: { ...production.config, admin },
    }),
  ).toMatch(text);
});

it('the Gateway API is told with what its class decides', () => {
  const entry = Entry.gatewayApi({ certificate: { issuer: 'own' }, gatewayClass: 'eg' });
  expect(warningsOf({ entry })).toMatch(/Issuer own[^]*GatewayClass eg .* TLS 1\.2 .* plain text/);
});

it.each([
  [{ caConfigMap: 'gateway-ca' }, /ConfigMap gateway-ca must be in ai-gateway, its entry ca\.crt/],
  [{ wellKnown: 'System' as const }, /image of the proxies must bring the authority/],
])('TLS from its proxies to the pods is told with what they check: %j', (authority, text) => {
  const backendTls = { hostName: 'gw.internal', authority };
  const warnings = warningsOf({
    entry: Entry.gatewayApi({ certificate, gatewayClass: 'eg', backendTls }),
    config: {
      ...production.config,
      tls: { certFile: 'pod.crt', keyFile: 'pod.key', minVersion: 'TLSv1.3' },
    },
  });
  expect(warnings).toMatch(text);
  expect(warnings).toMatch(/speak TLSv1\.3 or newer to the pods; .* signed pod\.crt, .* name gw\.internal/);
  expect(warnings).not.toContain('plain text');
});

it('an entry of somebody else needs nothing here', () => {
  expect(warningsOf({ entry: Entry.none() })).toBe('');
});

it('consumers of a mesh are told that they need a sidecar', () => {
  const entry = Entry.istio({ certificate });
  expect(warningsOf({ entry, network: { consumers: ['search'] } })).toMatch(
    /pods of search must have a sidecar/,
  );
  expect(warningsOf({ entry })).not.toContain('network.consumers');
});
