import { type ArgoCdInput, Delivery } from '../../charts';
import type { BadInput } from './bad-input';

const right: ArgoCdInput = {
  repository: 'https://git.example.com/team/manifests.git',
  clusters: { primary: 'east', secondary: 'west' },
};
const wrong = (fields: Partial<ArgoCdInput>) => ({ delivery: Delivery.argoCd({ ...right, ...fields }) });

export const badDeliveries: BadInput[] = [
  ['a delivery that is none', { delivery: { kind: 'flux' } }, 'delivery.kind', 'flux', /Delivery\.argoCd/],
  [
    'every repository',
    wrong({ repository: 'https://git.example.com/*' }),
    'delivery.repository',
    'git.example.com/*',
    /wildcards/,
  ],
  [
    'a repository by plain HTTP',
    wrong({ repository: 'http://git.example.com/team/manifests.git' }),
    'delivery.repository',
    'http://',
    /HTTPS or SSH/,
  ],
  [
    'a revision that reads like an option',
    wrong({ revision: '--upload-pack=x' }),
    'delivery.revision',
    '--upload-pack',
    /branch, a tag or a commit/,
  ],
  [
    'a folder outside of the repository',
    wrong({ path: 'a/../../b' }),
    'delivery.path',
    'a/../../b',
    /within the repository/,
  ],
  ['an absolute folder', wrong({ path: '/dist' }), 'delivery.path', '/dist', /within the repository/],
  [
    'every cluster',
    wrong({ clusters: { primary: '*', secondary: 'west' } }),
    'delivery.clusters.primary',
    '*',
    /one cluster/,
  ],
  [
    'a cluster for two regions',
    wrong({ clusters: { primary: 'east', secondary: 'east' } }),
    'delivery.clusters.secondary',
    'east',
    /that of primary too/,
  ],
  [
    'a region without a cluster',
    wrong({ clusters: { primary: 'east' } }),
    'delivery.clusters.secondary',
    '',
    /delivered nowhere/,
  ],
  [
    'a cluster of no region',
    wrong({ clusters: { ...right.clusters, other: 'north' } }),
    'delivery.clusters.other',
    'north',
    /region of the environment/,
  ],
  [
    'a namespace that is none',
    wrong({ namespace: 'Argo CD' }),
    'delivery.namespace',
    'Argo CD',
    /lower-case letters/,
  ],
  ['a name that is none', wrong({ name: 'A_b' }), 'delivery.name', 'A_b', /lower-case letters/],
];
