import { Admin, Entry, MeshScrape } from '../../charts';
import production from '../../charts/config/environments/production';
import type { BadInput } from './bad-input';

const certificate = { clusterIssuer: 'public-ca' };
const { config } = production;
const admin = { ...config.admin!, allowlist: ['127.0.0.1/32', '203.0.113.0/24'], trustedProxyHops: 1 };
const tls = { certFile: 'tls.crt', keyFile: 'tls.key' };
const backendTls = { hostName: 'ai-gateway.ai-gateway.svc', authority: { caConfigMap: 'gateway-ca' } };
/** Right by itself, but for the fields given. */
const behindTls = (wrong: object) => ({
  entry: {
    ...Entry.gatewayApi({ certificate, gatewayClass: 'eg' }),
    backendTls: { ...backendTls, ...wrong },
  },
  config: { ...config, tls },
});
const viaIngress = (...cidrs: string[]) => Entry.istio({ certificate, admin: Admin.viaIngress({ cidrs }) });

export const badEntries: BadInput[] = [
  ['an entry of no kind', { entry: { kind: 'nginx' } }, 'entry.kind', '"nginx"', /made by Entry/],
  [
    'an entry without a certificate',
    { entry: { kind: 'istio' } },
    'entry.certificate',
    'nothing',
    /\{ clusterIssuer \} or/,
  ],
  [
    'an issuer of two kinds',
    { entry: { kind: 'istio', certificate: { ...certificate, issuer: 'a' } } },
    'entry.certificate',
    'clusterIssuer',
    /\{ clusterIssuer \} or/,
  ],
  [
    'an issuer that has no legal name',
    { entry: Entry.istio({ certificate: { issuer: 'Public CA' } }) },
    'entry.certificate.issuer',
    '"Public CA"',
    /lower-case/,
  ],
  [
    'an entry that nobody names',
    { host: undefined, failover: undefined },
    'host',
    'nothing',
    /answers to nobody/,
  ],
  [
    'a label of the ingress gateway that is none',
    { entry: Entry.istio({ certificate, gatewayLabel: 'in gress' }) },
    'entry.gatewayLabel',
    '"in gress"',
    /becomes a label/,
  ],
  [
    'a folder of certificates that is no path',
    {
      entry: Entry.istio({
        certificate,
        scrape: MeshScrape.meshCertificate({ serviceAccount: 'p', certificateFolder: 'certs/' }),
      }),
    },
    'entry.scrape.certificateFolder',
    '"certs/"',
    /absolute path/,
  ],
  [
    'the admin interface of the Gateway API, which knows no addresses',
    { entry: { ...Entry.gatewayApi({ certificate, gatewayClass: 'eg' }), admin: Admin.viaIngress() } },
    'entry.admin',
    '{"kind":"via-ingress"}',
    /no such field/,
  ],
  [
    'TLS of the gateway within that of the mesh',
    { config: { ...config, tls } },
    'config.tls',
    '"certFile":"tls.crt"',
    /plain HTTP to the gateway within the TLS of the mesh: no request would arrive/,
  ],
  [
    'TLS of the gateway to which the proxies speak plain HTTP',
    { entry: Entry.gatewayApi({ certificate, gatewayClass: 'eg' }), config: { ...config, tls } },
    'entry.backendTls',
    'nothing',
    /given beside config\.tls: .* no request would arrive/,
  ],
  [
    'TLS of the proxies to a gateway that speaks plain HTTP',
    { entry: Entry.gatewayApi({ certificate, gatewayClass: 'eg', backendTls }) },
    'entry.backendTls',
    'gateway-ca',
    /not be given without config\.tls: .* no request would arrive/,
  ],
  [
    'a name of the gateway’s certificate that is an address',
    behindTls({ hostName: '10.1.2.3' }),
    'entry.backendTls.hostName',
    '"10.1.2.3"',
    /full host name/,
  ],
  [
    'a ConfigMap of authorities that has no legal name',
    behindTls({ authority: { caConfigMap: 'Gateway CA' } }),
    'entry.backendTls.authority.caConfigMap',
    '"Gateway CA"',
    /lower-case/,
  ],
  [
    'a certificate of the gateway that nobody signs',
    behindTls({ authority: undefined }),
    'entry.backendTls.authority',
    'nothing',
    /\{ caConfigMap \} or \{ wellKnown/,
  ],
  [
    'authorities of two kinds',
    behindTls({ authority: { caConfigMap: 'gateway-ca', wellKnown: 'System' } }),
    'entry.backendTls.authority',
    '"wellKnown":"System"',
    /\{ caConfigMap \} or \{ wellKnown/,
  ],
  [
    'authorities that no image is known for',
    behindTls({ authority: { wellKnown: 'Mozilla' } }),
    'entry.backendTls.authority.wellKnown',
    '"Mozilla"',
    /"System"/,
  ],
  [
    'clients told by certificates that end at the proxies',
    {
      entry: Entry.gatewayApi({ certificate, gatewayClass: 'eg', backendTls }),
      config: {
        ...config,
        tls: { ...tls, clientCaFile: 'clients-ca.crt' },
        access: [{ kind: 'client-certificates' }],
        tenants: [{ name: 'search', certificates: [{ by: 'common-name', value: 'search' }] }],
      },
    },
    'config.access',
    'client-certificates',
    /none of their certificates would arrive, and every request be answered 401/,
  ],
  [
    'a way to an admin interface that does not exist',
    { entry: viaIngress('203.0.113.0/24'), config: { ...config, admin: undefined } },
    'entry.admin',
    'via-ingress',
    /lead to a 404/,
  ],
  [
    'a block that the gateway would refuse',
    { entry: viaIngress('203.0.113.0/24', '198.51.100.0/24'), config: { ...config, admin } },
    'entry.admin.cidrs[1]',
    '"198.51.100.0/24"',
    /within a block of config\.admin\.allowlist/,
  ],
  [
    'a block that is larger than that of the gateway',
    { entry: viaIngress('203.0.112.0/23'), config: { ...config, admin } },
    'entry.admin.cidrs[0]',
    '"203.0.112.0/23"',
    /within a block/,
  ],
  [
    'blocks that overlap',
    { entry: viaIngress('203.0.113.0/25', '203.0.113.0/24'), config: { ...config, admin } },
    'entry.admin.cidrs[1]',
    '"203.0.113.0/24"',
    /must not overlap 203\.0\.113\.0\/25/,
  ],
  [
    'a block with bits behind its prefix',
    { entry: viaIngress('203.0.113.7/24'), config: { ...config, admin } },
    'entry.admin.cidrs[0]',
    '"203.0.113.7/24"',
    /whose address is its first/,
  ],
  [
    'a way to /admin that lets in nobody',
    {
      entry: Entry.istio({ certificate, admin: Admin.viaIngress() }),
      config: { ...config, admin: { ...admin, allowlist: ['127.0.0.1/32'] } },
    },
    'entry.admin',
    'via-ingress',
    /loopback only/,
  ],
  [
    'a way to /admin where the gateway would look at its own proxy',
    { entry: viaIngress('203.0.113.0/24'), config: { ...config, admin: { ...admin, trustedProxyHops: 0 } } },
    'config.admin.trustedProxyHops',
    '0',
    /1 or more with Admin\.viaIngress/,
  ],
  [
    'an allowlist that holds the address of the pod’s own proxy',
    {
      entry: Entry.istio({ certificate }),
      config: { ...config, admin: { ...admin, allowlist: ['127.0.0.0/8'], trustedProxyHops: 0 } },
    },
    'config.admin.allowlist[0]',
    '"127.0.0.0/8"',
    /127\.0\.0\.6 under Istio/,
  ],
];
