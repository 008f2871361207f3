import { broken, brokenAt, onEveryContainer, kept, type Cases } from '../case';

export const identity: Cases = {
  'run-as-non-root': {
    violating: [
      broken('root allowed', { 'securityContext.runAsNonRoot': false }),
      broken('nothing said', { 'securityContext.runAsNonRoot': undefined }),
      broken('a text in place of the truth value', { 'securityContext.runAsNonRoot': 'true' }),
    ],
    passing: [kept('said by each container', onEveryContainer('runAsNonRoot', true))],
  },
  'high-uid-and-gid': {
    violating: [
      broken('the last ID of the host', { 'securityContext.runAsUser': 10_000 }),
      broken('a user left to the image', { 'securityContext.runAsUser': undefined }),
      broken('a group left to the runtime, which takes 0', { 'securityContext.runAsGroup': undefined }),
      broken('an ID in quotes', { 'securityContext.runAsGroup': '10001' }),
      broken('volumes that belong to the group of root', { 'securityContext.fsGroup': 0 }),
      brokenAt(
        'a low group among the supplemental ones',
        { 'securityContext.supplementalGroups': [20_000, 999] },
        { 'securityContext.supplementalGroups[1]': 999 },
      ),
    ],
    passing: [
      kept('the first ID above the host', { 'securityContext.runAsUser': 10_001 }),
      kept('high groups for volumes', {
        'securityContext.fsGroup': 10_001,
        'securityContext.supplementalGroups': [20_000],
      }),
    ],
  },
};
