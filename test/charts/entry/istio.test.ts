import {
  Admin,
  type AiGatewayProps,
  Entry,
  type IstioEntryInput,
  MeshScrape,
  Network,
  Secrets,
} from '../../../charts';
import type { Manifest } from '../../../charts';
import { clientTimings, requestTimings, shutdownTimings } from '../../../gateway-app/contract/timings';
import { apiRoutes } from '../../../gateway-app/contract/paths';
import { at, gatewayManifests, minimalProps, only } from '../gateway-chart';

const certificate = { clusterIssuer: 'public-ca' };
const host = 'llm.example.org';
const podLabels = { 'app.kubernetes.io/name': 'ai-gateway', 'app.kubernetes.io/instance': 'ai-gateway' };
const ingressCaller = 'cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account';

function withIstio(input: Partial<IstioEntryInput> = {}, props: Partial<AiGatewayProps> = {}): Manifest[] {
  return gatewayManifests({ entry: Entry.istio({ certificate, ...input }), hosts: [host], ...props });
}

/** A configuration whose operators' interface admits clients of the entry. */
function administered(
  admin: Admin,
  allowlist = ['127.0.0.1/32', '203.0.113.0/24', '2001:db8::/32'],
  props: Partial<AiGatewayProps> = {},
): Manifest[] {
  return withIstio(
    { admin },
    {
      secrets: Secrets.existing('files'),
      config: { ...minimalProps.config, admin: { tokenFile: 'admin-token', allowlist, trustedProxyHops: 1 } },
      ...props,
    },
  );
}

it('wires every input', () => {
  const input: Required<IstioEntryInput> = {
    certificate: { issuer: 'own-ca' },
    gatewayLabel: 'edge',
    gatewayServiceAccount: 'edge-gateway',
    controlPlaneNamespace: 'mesh',
    scrape: MeshScrape.meshCertificate({ serviceAccount: 'prometheus', certificateFolder: '/certs' }),
    admin: Admin.viaIngress({ cidrs: ['203.0.113.0/25'] }),
  };
  const network = Network.policies({
    ingressNamespace: 'edge',
    monitoringNamespace: 'watch',
    consumers: ['search'],
  });
  const manifests = administered(input.admin, undefined, {
    entry: Entry.istio(input),
    network,
    hosts: ['eu-west-1.llm.example.net', 'llm.example.net'],
  });
  expect(only(manifests, 'Certificate')).toMatchObject({
    metadata: { name: 'ai-gateway', namespace: 'edge' },
    spec: {
      secretName: 'ai-gateway-tls',
      dnsNames: ['eu-west-1.llm.example.net', 'llm.example.net'],
      issuerRef: { kind: 'Issuer', name: 'own-ca' },
    },
  });
  expect(only(manifests, 'Gateway')).toMatchObject({
    metadata: { namespace: 'ai-gateway' },
    spec: {
      selector: { istio: 'edge' },
      servers: [
        {
          hosts: ['./eu-west-1.llm.example.net', './llm.example.net'],
          tls: { credentialName: 'ai-gateway-tls' },
        },
      ],
    },
  });
  expect(at(only(manifests, 'AuthorizationPolicy', 'ai-gateway'), 'spec', 'rules')).toEqual([
    rule('cluster.local/ns/edge/sa/edge-gateway', { ports: ['8080'] }),
    { from: [{ source: { namespaces: ['search'] } }], to: [{ operation: { ports: ['8080'] } }] },
    rule('cluster.local/ns/watch/sa/prometheus', { ports: ['9090'], methods: ['GET'], paths: ['/metrics'] }),
    rule('cluster.local/ns/edge/sa/edge-gateway', { ports: ['9090'], paths: ['/admin/*'] }),
  ]);
  expect(only(manifests, 'AuthorizationPolicy', 'ai-gateway-admin')).toMatchObject({
    metadata: { namespace: 'edge' },
    spec: {
      selector: { matchLabels: { istio: 'edge' } },
      rules: [{ from: [{ source: { notRemoteIpBlocks: ['203.0.113.0/25'] } }] }],
    },
  });
  expect(at(only(manifests, 'NetworkPolicy', 'ai-gateway'), 'spec', 'egress')).toContainEqual(
    expect.objectContaining({ to: [peer('mesh')], ports: [{ protocol: 'TCP', port: 15_012 }] }),
  );
  expect(at(only(manifests, 'ServiceMonitor'), 'spec', 'endpoints', 0)).toMatchObject({
    scheme: 'https',
    tlsConfig: {
      caFile: '/certs/root-cert.pem',
      certFile: '/certs/cert-chain.pem',
      keyFile: '/certs/key.pem',
      insecureSkipVerify: true,
    },
  });
});

describe('Between the ingress gateway and the pods', () => {
  const manifests = withIstio();
  const routes = at(only(manifests, 'VirtualService'), 'spec', 'http') as {
    match: { uri: { prefix?: string; exact?: string } }[];
    timeout: string;
    retries: object;
  }[];

  it('only the API and the readiness check are routed, once and for longer than the gateway takes', () => {
    expect(routes).toMatchObject([
      {
        match: [{ uri: { prefix: '/v1/' } }, { uri: { exact: '/health/ready' } }],
        retries: { attempts: 0 },
        route: [{ destination: { host: 'ai-gateway.ai-gateway.svc.cluster.local', port: { number: 8080 } } }],
      },
    ]);
    expect(apiRoutes.filter(({ path }) => !path.startsWith('/v1/'))).toEqual([]);
    expect(seconds(routes[0]!.timeout) * 1000).toBeGreaterThan(requestTimings.gatewayTotalMs);
  });

  it('idle connections are given up before the gateway closes them, by both proxies', () => {
    const idle = [
      at(
        only(manifests, 'DestinationRule'),
        'spec',
        'trafficPolicy',
        'connectionPool',
        'http',
        'idleTimeout',
      ),
      at(only(manifests, 'Sidecar'), 'spec', 'inboundConnectionPool', 'http', 'idleTimeout'),
    ] as string[];
    for (const text of idle) expect(seconds(text) * 1000).toBeLessThan(clientTimings.keepAliveMs);
  });

  it('mTLS is demanded, and no pod is taken out for the errors of a provider', () => {
    expect(at(only(manifests, 'PeerAuthentication'), 'spec')).toEqual({
      selector: { matchLabels: podLabels },
      mtls: { mode: 'STRICT' },
      portLevelMtls: { '9090': { mode: 'PERMISSIVE' } },
    });
    const policy = at(only(manifests, 'DestinationRule'), 'spec', 'trafficPolicy');
    expect(policy).toMatchObject({ tls: { mode: 'ISTIO_MUTUAL' } });
    expect(policy).not.toHaveProperty('outlierDetection');
  });

  it('the ingress gateway alone may ask, and Prometheus for its metrics', () => {
    expect(at(only(manifests, 'AuthorizationPolicy'), 'spec')).toEqual({
      selector: { matchLabels: podLabels },
      action: 'ALLOW',
      rules: [
        rule(ingressCaller, { ports: ['8080'] }),
        { to: [{ operation: { ports: ['9090'], methods: ['GET'], paths: ['/metrics'] } }] },
      ],
    });
  });

  it('TLS 1.2 is the least, for routes of this namespace only, and there is no plain port', () => {
    expect(at(only(manifests, 'Gateway'), 'spec', 'servers')).toEqual([
      {
        port: { name: 'https', number: 443, protocol: 'HTTPS' },
        hosts: [`./${host}`],
        tls: { mode: 'SIMPLE', minProtocolVersion: 'TLSV1_2', credentialName: 'ai-gateway-tls' },
      },
    ]);
  });
});

describe('A pod of the mesh', () => {
  const template = at(only(withIstio(), 'Deployment'), 'spec', 'template') as {
    metadata: { labels: Record<string, string>; annotations: Record<string, string> };
    spec: { terminationGracePeriodSeconds: number };
  };
  const { labels, annotations } = template.metadata;

  it('has a sidecar that is there before the gateway, and answers its probes', () => {
    expect(labels).toMatchObject({ ...podLabels, 'sidecar.istio.io/inject': 'true' });
    expect(annotations).toMatchObject({
      'sidecar.istio.io/nativeSidecar': 'true',
      'sidecar.istio.io/rewriteAppHTTPProbers': 'true',
    });
  });

  it('has a proxy that goes when its connections have gone, and not by its own clock', () => {
    const config = JSON.parse(annotations['proxy.istio.io/config']!) as Record<string, unknown>;
    expect(config).toEqual({
      holdApplicationUntilProxyStarts: true,
      proxyMetadata: { EXIT_ON_ZERO_ACTIVE_CONNECTIONS: 'true', MINIMUM_DRAIN_DURATION: '10s' },
    });
    expect(10_000).toBeGreaterThanOrEqual(shutdownTimings.endpointPropagationMs);
  });

  it('is selected as before: its labels are no part of the selector', () => {
    const selector = (manifests: Manifest[]) => at(only(manifests, 'Deployment'), 'spec', 'selector');
    expect(selector(withIstio())).toEqual(selector(gatewayManifests()));
  });
});

describe('/admin', () => {
  it('is not routed, nor reached from the ingress, unless that is asked for', () => {
    const manifests = withIstio();
    expect(JSON.stringify(manifests.filter(({ kind }) => kind !== 'PrometheusRule'))).not.toContain('/admin');
    expect(at(only(manifests, 'NetworkPolicy', 'ai-gateway'), 'spec', 'ingress')).toHaveLength(2);
  });

  it('behind three doors takes its addresses from the allowlist, without loopback', () => {
    const manifests = administered(Admin.viaIngress());
    const cidrs = ['203.0.113.0/24', '2001:db8::/32'];
    expect(at(only(manifests, 'NetworkPolicy', 'ai-gateway'), 'spec', 'ingress')).toContainEqual({
      from: [peer('istio-system')],
      ports: [{ protocol: 'TCP', port: 9090 }],
    });
    expect(at(only(manifests, 'AuthorizationPolicy', 'ai-gateway-admin'), 'spec')).toEqual({
      selector: { matchLabels: { istio: 'ingressgateway' } },
      action: 'DENY',
      rules: [
        {
          from: [{ source: { notRemoteIpBlocks: cidrs } }],
          to: [{ operation: { hosts: [host, `${host}:*`], paths: ['/admin/*'] } }],
        },
      ],
    });
    expect(at(only(manifests, 'AuthorizationPolicy', 'ai-gateway'), 'spec', 'rules')).toContainEqual(
      rule(ingressCaller, { ports: ['9090'], paths: ['/admin/*'] }),
    );
    expect(at(only(manifests, 'VirtualService'), 'spec', 'http', 1)).toMatchObject({
      match: [{ uri: { prefix: '/admin/' } }],
      route: [{ destination: { port: { number: 9090 } } }],
      retries: { attempts: 0 },
    });
    for (const cidr of cidrs) {
      expect(at(only(manifests, 'ConfigMap', 'ai-gateway'), 'data', 'gateway.yaml')).toContain(cidr);
    }
  });
});

it('a Prometheus with a certificate of the mesh leaves no port in plain text', () => {
  const manifests = withIstio({ scrape: MeshScrape.meshCertificate({ serviceAccount: 'prometheus-k8s' }) });
  expect(at(only(manifests, 'PeerAuthentication'), 'spec')).not.toHaveProperty('portLevelMtls');
  expect(at(only(manifests, 'AuthorizationPolicy'), 'spec', 'rules', 1)).toEqual(
    rule('cluster.local/ns/monitoring/sa/prometheus-k8s', {
      ports: ['9090'],
      methods: ['GET'],
      paths: ['/metrics'],
    }),
  );
  expect(at(only(manifests, 'ServiceMonitor'), 'spec', 'endpoints', 0)).toMatchObject({
    scheme: 'https',
    tlsConfig: { certFile: '/etc/prom-certs/cert-chain.pem' },
  });
  expect(at(only(withIstio(), 'ServiceMonitor'), 'spec', 'endpoints', 0)).not.toHaveProperty('scheme');
});

it('consumers that come past the entry are told by their namespace, and their proxies repeat nothing', () => {
  const network = Network.policies({ consumers: ['search', 'chat'] });
  const manifests = withIstio({}, { network });
  expect(at(only(manifests, 'AuthorizationPolicy'), 'spec', 'rules')).toContainEqual({
    from: [{ source: { namespaces: ['search', 'chat'] } }],
    to: [{ operation: { ports: ['8080'] } }],
  });
  expect(at(only(manifests, 'VirtualService', 'ai-gateway-direct'), 'spec')).toMatchObject({
    exportTo: ['search', 'chat'],
    hosts: ['ai-gateway.ai-gateway.svc.cluster.local'],
    http: [{ match: [{ port: 8080 }], retries: { attempts: 0 } }],
  });
});

function rule(principal: string, operation: object) {
  return { from: [{ source: { principals: [principal] } }], to: [{ operation }] };
}

function peer(namespace: string) {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } };
}

function seconds(text: string): number {
  expect(text).toMatch(/^\d+s$/);
  return Number.parseInt(text, 10);
}
