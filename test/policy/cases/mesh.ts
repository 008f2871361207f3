import { accepted, refused, type Cases } from '../case';
import type { Fields } from '../changes';
import { deployment } from '../deployment';
import { selector, specified } from '../objects';

const peers = (spec: Fields) => specified('security.istio.io/v1', 'PeerAuthentication', spec);
const rule = (spec: Fields) => specified('networking.istio.io/v1', 'DestinationRule', { host: 'a', ...spec });
const plain = { tls: { mode: 'DISABLE' } };
const strict = { mtls: { mode: 'STRICT' } };
const guardedPort = () =>
  peers({
    ...strict,
    selector: { matchLabels: selector },
    portLevelMtls: { '9090': { mode: 'PERMISSIVE' } },
  });

const callers = (...rules: Fields[]) =>
  specified('security.istio.io/v1', 'AuthorizationPolicy', { selector: { matchLabels: selector }, rules });
const from = [{ source: { principals: ['cluster.local/ns/istio-system/sa/ingress'] } }];
const toPorts = (...ports: string[]) => [{ operation: { ports } }];

const sidecar = (spec: Fields) => specified('networking.istio.io/v1', 'Sidecar', spec);
const routes = (...http: Fields[]) => specified('networking.istio.io/v1', 'VirtualService', { http });
const route = [{ destination: { host: 'a' } }];
const httpRoute = (spec: Fields) => specified('gateway.networking.k8s.io/v1', 'HTTPRoute', { rules: [spec] });

export const mesh: Cases = {
  'strict-mtls': {
    violating: [
      refused('permissive', peers({ mtls: { mode: 'PERMISSIVE' } }), { 'spec.mtls.mode': 'PERMISSIVE' }),
      refused('left to the mesh', peers({}), { 'spec.mtls.mode': undefined }),
      refused('a port without mTLS', peers({ ...strict, portLevelMtls: { '9090': { mode: 'DISABLE' } } }), {
        'spec.portLevelMtls["9090"].mode': 'DISABLE',
      }),
      refused('plain text to a host', rule({ trafficPolicy: plain }), {
        'spec.trafficPolicy.tls.mode': 'DISABLE',
      }),
      refused(
        'plain text to a port of a subset',
        rule({ subsets: [{ name: 'a', trafficPolicy: { portLevelSettings: [plain] } }] }),
        { 'spec.subsets[0].trafficPolicy.portLevelSettings[0].tls.mode': 'DISABLE' },
      ),
    ],
    passing: [
      accepted('strict', peers(strict)),
      accepted('mTLS to a host', rule({ trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } })),
      accepted('what the mesh does by itself', rule({ trafficPolicy: {} })),
      accepted('a guarded port', guardedPort(), [deployment()]),
    ],
  },
  'callers-by-identity': {
    violating: [
      refused('an empty rule', callers({}), { 'spec.rules[0]': {} }),
      refused('a port for all', callers({ from, to: toPorts('8080') }, { to: toPorts('8080') }), {
        'spec.rules[1]': { to: toPorts('8080') },
      }),
      refused(
        'more than the port that takes plain text',
        callers({ to: [...toPorts('9090'), { operation: { paths: ['/metrics'] } }] }),
        { 'spec.rules[0]': { to: [...toPorts('9090'), { operation: { paths: ['/metrics'] } }] } },
        [deployment(), guardedPort()],
      ),
    ],
    passing: [
      accepted('a caller', callers({ from })),
      accepted('the port that takes plain text', callers({ to: toPorts('9090') }), [
        deployment(),
        guardedPort(),
      ]),
      accepted(
        'a denial for all',
        specified('security.istio.io/v1', 'AuthorizationPolicy', { action: 'DENY', rules: [{}] }),
      ),
      accepted('nobody', callers()),
    ],
  },
  'registry-only-egress': {
    violating: [
      refused('anywhere', sidecar({ outboundTrafficPolicy: { mode: 'ALLOW_ANY' } }), {
        'spec.outboundTrafficPolicy.mode': 'ALLOW_ANY',
      }),
      refused('left to the mesh', sidecar({}), { 'spec.outboundTrafficPolicy.mode': undefined }),
    ],
    passing: [accepted('what is known', sidecar({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }))],
  },
  'requests-sent-once': {
    violating: [
      refused('left to the mesh', routes({ route }), { 'spec.http[0].retries.attempts': undefined }),
      refused('twice', routes({ route, retries: { attempts: 0 } }, { route, retries: { attempts: 2 } }), {
        'spec.http[1].retries.attempts': 2,
      }),
      refused('a retry of the Gateway API', httpRoute({ retry: { codes: [503] } }), {
        'spec.rules[0].retry': { codes: [503] },
      }),
    ],
    passing: [
      accepted('once', routes({ route, retries: { attempts: 0 } })),
      accepted('a redirect', routes({ redirect: { authority: 'a' } })),
      accepted('the Gateway API', httpRoute({})),
    ],
  },
};
