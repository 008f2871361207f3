import { accepted, refused, type Cases } from '../case';
import { withChanges, type Fields } from '../changes';
import { deployment } from '../deployment';
import { labels, namespacePeer, networkPolicy, object, selector } from '../objects';

const gateway = () => [deployment()];
const elsewhere = () =>
  withChanges(deployment({ serviceAccountName: 'gateway' }), { 'metadata.namespace': 'staging' });
const account = () => withChanges(object('v1', 'ServiceAccount'), { 'metadata.namespace': 'staging' });
const inStaging = (policyTypes: string[]) =>
  withChanges(networkPolicy({ policyTypes, ingress: [] }), { 'metadata.namespace': 'staging' });

const from = 'ingress[0].from';
const byName = { namespaceSelector: { matchLabels: { name: 'istio-system' } } };
const team: Fields = withChanges(object('v1', 'Namespace'), {
  'metadata.namespace': undefined,
  'metadata.name': 'team',
  'metadata.labels.team': 'a',
  'metadata.labels["pod-security.kubernetes.io/enforce"]': 'restricted',
});
const pods = { podSelector: { matchLabels: { ...selector } } };
const anywhere = { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '169.254.0.0/16'] };
const dns = networkPolicy()['spec'] as { egress: [{ to: unknown; ports: [unknown, unknown] }] };
const [names] = dns.egress;
const store = { to: [{ podSelector: {} }], ports: [{ port: 6379 }] };

export const network: Cases = {
  'network-policy-both-ways': {
    violating: [
      refused('none', elsewhere(), { 'spec.template.metadata.labels': labels() }, [account()]),
      refused('the way in only', elsewhere(), { 'spec.template.metadata.labels': labels() }, [
        account(),
        inStaging(['Ingress']),
      ]),
    ],
    passing: [accepted('both', elsewhere(), [account(), inStaging(['Ingress', 'Egress'])])],
  },
  'network-policy-selects-pods': {
    violating: [
      refused('no pod', networkPolicy({ 'podSelector.matchLabels.tier': 'x' }), {
        'spec.podSelector': { matchLabels: { ...selector, tier: 'x' } },
      }),
      refused(
        'a peer that is no pod',
        networkPolicy({ [from]: [{ podSelector: { matchLabels: { app: 'x' } } }] }),
        {
          [`spec.${from}[0].podSelector`]: { matchLabels: { app: 'x' } },
        },
        gateway(),
      ),
    ],
    passing: [
      accepted(
        'an expression',
        networkPolicy({
          podSelector: {
            matchExpressions: [
              { key: 'app.kubernetes.io/name', operator: 'In', values: ['gateway'] },
              { key: 'owner', operator: 'Exists' },
              { key: 'tier', operator: 'DoesNotExist' },
              { key: 'environment', operator: 'NotIn', values: ['production'] },
            ],
          },
        }),
        gateway(),
      ),
    ],
  },
  'namespace-labels-that-exist': {
    violating: [
      refused(
        'the label name',
        networkPolicy({ [from]: [byName] }),
        {
          [`spec.${from}[0].namespaceSelector`]: byName.namespaceSelector,
        },
        gateway(),
      ),
    ],
    passing: [
      accepted('the name that the API server sets', networkPolicy(), gateway()),
      accepted(
        'a label of a Namespace beside it',
        networkPolicy({
          [from]: [{ namespaceSelector: { matchLabels: { team: 'a' } } }],
        }),
        [...gateway(), team],
      ),
      accepted('every namespace', networkPolicy({ [from]: [{ namespaceSelector: {} }] }), gateway()),
    ],
  },
  'selectors-in-one-peer': {
    violating: [
      refused(
        'two peers',
        networkPolicy({ [from]: [namespacePeer('istio-system'), pods] }),
        {
          [`spec.${from}[1]`]: pods,
        },
        gateway(),
      ),
    ],
    passing: [
      accepted(
        'one peer',
        networkPolicy({ [from]: [{ ...namespacePeer('istio-system'), ...pods }] }),
        gateway(),
      ),
      accepted(
        'two rules',
        networkPolicy({
          ingress: [{ from: [namespacePeer('istio-system')] }, { from: [pods] }],
        }),
        gateway(),
      ),
    ],
  },
  'dns-egress': {
    violating: [
      refused('other ports only', networkPolicy({ egress: [store] }), { 'spec.egress': [store] }, gateway()),
      refused(
        'UDP only',
        networkPolicy({ egress: [{ ...names, ports: [names.ports[0]] }] }),
        {
          'spec.egress': [{ ...names, ports: [names.ports[0]] }],
        },
        gateway(),
      ),
      refused(
        'the own namespace only',
        networkPolicy({ egress: [{ ...names, to: [{ podSelector: {} }] }] }),
        {
          'spec.egress': [{ ...names, to: [{ podSelector: {} }] }],
        },
        gateway(),
      ),
    ],
    passing: [
      accepted(
        'a range of ports',
        networkPolicy({
          egress: [
            { to: names.to, ports: [{ protocol: 'UDP', port: 1, endPort: 99 }] },
            { to: names.to, ports: [{ port: 53 }] },
          ],
        }),
        gateway(),
      ),
      accepted(
        'another policy that opens it',
        withChanges(networkPolicy({ egress: [store] }), {
          'metadata.name': 'store',
        }),
        [...gateway(), networkPolicy()],
      ),
      accepted('pods that may go nowhere', networkPolicy({ egress: [] }), gateway()),
    ],
  },
  'no-metadata-egress': {
    violating: [
      refused(
        'everywhere',
        networkPolicy({ egress: [names, { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] }),
        {
          'spec.egress[1].to[0].ipBlock.cidr': '0.0.0.0/0',
        },
        gateway(),
      ),
      refused(
        'everywhere but private ranges',
        networkPolicy({
          egress: [names, { to: [{ ipBlock: { cidr: '128.0.0.0/1', except: ['172.16.0.0/12'] } }] }],
        }),
        { 'spec.egress[1].to[0].ipBlock.cidr': '128.0.0.0/1' },
        gateway(),
      ),
      refused(
        'no peers, which is everywhere',
        networkPolicy({ egress: [names, { ports: [{ port: 443 }] }] }),
        {
          'spec.egress[1].to': undefined,
        },
        gateway(),
      ),
    ],
    passing: [
      accepted(
        'the range excepted',
        networkPolicy({ egress: [names, { to: [{ ipBlock: anywhere }] }] }),
        gateway(),
      ),
      accepted('names from anywhere', networkPolicy({ egress: [{ ports: names.ports }] }), gateway()),
    ],
  },
};
