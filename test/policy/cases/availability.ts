import { accepted, prefixed, refused, type Cases } from '../case';
import { deployment, replicated } from '../deployment';
import { budget, labels } from '../objects';

const spread = 'template.spec.topologySpreadConstraints';

export const availability: Cases = {
  'disruption-budget': {
    violating: [refused('none', replicated(), { 'spec.template.metadata.labels': labels() })],
    passing: [accepted('one', replicated(), [budget()]), accepted('a single pod', deployment())],
  },
  'evictions-permitted': {
    violating: [
      refused('no pod unavailable', budget({ maxUnavailable: 0 }), { 'spec.maxUnavailable': 0 }, [
        replicated(),
      ]),
      refused('no share of them', budget({ maxUnavailable: '0%' }), { 'spec.maxUnavailable': '0%' }, [
        replicated(),
      ]),
      refused(
        'as many as there are',
        budget({ maxUnavailable: undefined, minAvailable: 3 }),
        {
          'spec.minAvailable': 3,
        },
        [replicated()],
      ),
      refused(
        'all of them',
        budget({ maxUnavailable: undefined, minAvailable: '100%' }),
        {
          'spec.minAvailable': '100%',
        },
        [replicated()],
      ),
      refused(
        'a share that is all, rounded up',
        budget({ maxUnavailable: undefined, minAvailable: '70%' }),
        {
          'spec.minAvailable': '70%',
        },
        [replicated()],
      ),
    ],
    passing: [
      accepted('one less than there are', budget({ maxUnavailable: undefined, minAvailable: 2 }), [
        replicated(),
      ]),
    ],
  },
  'zone-spread': {
    violating: [
      refused('none', replicated({ [spread]: undefined }), prefixed('spec', { [spread]: undefined }), [
        budget(),
      ]),
      ...[
        { topologyKey: 'kubernetes.io/hostname' },
        { labelSelector: { matchLabels: { app: 'other' } } },
      ].map((change) => {
        const constraint = { topologyKey: 'topology.kubernetes.io/zone', labelSelector: {}, ...change };
        return refused(
          `only ${JSON.stringify(change)}`,
          replicated({ [spread]: [constraint] }),
          prefixed('spec', { [spread]: [constraint] }),
          [budget()],
        );
      }),
    ],
    passing: [
      accepted(
        'as far as possible',
        replicated({
          [`${spread}[0].whenUnsatisfiable`]: 'ScheduleAnyway',
          [`${spread}[0].nodeTaintsPolicy`]: undefined,
        }),
        [budget()],
      ),
    ],
  },
  'zone-loss-survived': {
    violating: [
      refused(
        'taints ignored',
        replicated({ [`${spread}[0].nodeTaintsPolicy`]: undefined }),
        prefixed('spec', { [`${spread}[0].nodeTaintsPolicy`]: undefined }),
        [budget()],
      ),
      refused(
        'a minimum of zones',
        replicated({ [`${spread}[0].minDomains`]: 3 }),
        prefixed('spec', { [`${spread}[0].minDomains`]: 3 }),
        [budget()],
      ),
    ],
    passing: [accepted('taints honoured', replicated(), [budget()])],
  },
};
