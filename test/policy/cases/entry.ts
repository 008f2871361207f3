import { accepted, refused, type Cases } from '../case';
import type { Fields } from '../changes';
import { specified } from '../objects';

const server = (protocol: string, tls?: Fields) =>
  specified('networking.istio.io/v1', 'Gateway', { servers: [{ port: { number: 443, protocol }, tls }] });
const ingress = (spec: Fields) => specified('networking.k8s.io/v1', 'Ingress', spec);
const listener = (protocol: string) =>
  specified('gateway.networking.k8s.io/v1', 'Gateway', { listeners: [{ name: 'a', protocol }] });
const tls = 'spec.servers[0].tls';

export const entry: Cases = {
  'tls-at-entry': {
    violating: [
      refused('no least version', server('HTTPS', { mode: 'SIMPLE' }), {
        [`${tls}.minProtocolVersion`]: undefined,
      }),
      refused('a broken version', server('HTTPS', { minProtocolVersion: 'TLSV1_1' }), {
        [`${tls}.minProtocolVersion`]: 'TLSV1_1',
      }),
      refused('plain text', server('HTTP'), { [tls]: undefined }),
      refused('an Ingress without TLS', ingress({ rules: [{ host: 'a.example' }] }), {
        'spec.tls': undefined,
      }),
      refused(
        'an Ingress with a host beside its TLS',
        ingress({ tls: [{ hosts: ['a.example'] }], rules: [{ host: 'a.example' }, { host: 'b.example' }] }),
        { 'spec.rules[1].host': 'b.example' },
      ),
      refused('a listener in plain text', listener('HTTP'), { 'spec.listeners[0].protocol': 'HTTP' }),
    ],
    passing: [
      accepted('TLS 1.2', server('HTTPS', { minProtocolVersion: 'TLSV1_2' })),
      accepted('plain text that only leads to TLS', server('HTTP', { httpsRedirect: true })),
      accepted('TLS that the program speaks itself', server('TLS', { mode: 'PASSTHROUGH' })),
      accepted(
        'an Ingress with TLS',
        ingress({ tls: [{ hosts: ['a.example'] }], rules: [{ host: 'a.example' }] }),
      ),
      accepted('a listener with TLS', listener('HTTPS')),
    ],
  },
};
