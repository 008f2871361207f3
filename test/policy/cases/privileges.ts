import { broken, brokenAt, onEveryContainer, kept, type Cases } from '../case';

const own = 'containers[0].securityContext';

export const privileges: Cases = {
  'no-privilege-escalation': {
    violating: [
      broken('allowed', { [`${own}.allowPrivilegeEscalation`]: true }),
      broken('left to the default, which allows it', { [`${own}.allowPrivilegeEscalation`]: undefined }),
    ],
    passing: [kept('forbidden', { [`${own}.allowPrivilegeEscalation`]: false })],
  },
  'not-privileged': {
    violating: [
      broken('a privileged container', { [`${own}.privileged`]: true }),
      broken('a text in place of the truth value', { [`${own}.privileged`]: 'false' }),
    ],
    passing: [
      kept('said to be unprivileged', { [`${own}.privileged`]: false }),
      kept('an empty field, which is the default', { [`${own}.privileged`]: null }),
    ],
  },
  'read-only-root-filesystem': {
    violating: [
      broken('a writable one', { [`${own}.readOnlyRootFilesystem`]: false }),
      broken('left to the default, which is writable', { [`${own}.readOnlyRootFilesystem`]: undefined }),
    ],
    passing: [kept('read-only', { [`${own}.readOnlyRootFilesystem`]: true })],
  },
  'drop-all-capabilities': {
    violating: [
      broken('one dropped', { [`${own}.capabilities.drop`]: ['NET_RAW'] }),
      broken('none dropped', { [`${own}.capabilities.drop`]: undefined }),
      broken('a spelling that Pod Security refuses', { [`${own}.capabilities.drop`]: ['all'] }),
    ],
    passing: [kept('ALL among others', { [`${own}.capabilities.drop`]: ['NET_RAW', 'ALL'] })],
  },
  'no-added-capabilities': {
    violating: [
      broken('one added back', { [`${own}.capabilities.add`]: ['NET_BIND_SERVICE'] }),
      broken('a text in place of the list', { [`${own}.capabilities.add`]: 'SYS_ADMIN' }),
    ],
    passing: [kept('an empty list', { [`${own}.capabilities.add`]: [] })],
  },
  'seccomp-runtime-default': {
    violating: [
      broken('no profile at all', { 'securityContext.seccompProfile.type': 'Unconfined' }),
      brokenAt(
        'nothing said',
        { 'securityContext.seccompProfile': undefined },
        { 'securityContext.seccompProfile.type': undefined },
      ),
    ],
    passing: [kept('said by each container', onEveryContainer('seccompProfile', { type: 'RuntimeDefault' }))],
  },
};
