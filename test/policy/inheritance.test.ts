import type { Changes } from './changes';
import { deployment } from './deployment';
import { judge } from './objects';

function findings(changes: Changes): readonly unknown[] {
  return judge([deployment(changes)]).map(({ checkId, path, found }) => [checkId, path, found]);
}

const pod = 'spec.template.spec.securityContext';
const init = 'spec.template.spec.initContainers[0].securityContext';
const main = 'spec.template.spec.containers[0].securityContext';

describe('a setting that pod and container both know', () => {
  it('is the container’s where the container overrides a good pod', () => {
    expect(
      findings({
        'containers[0].securityContext.runAsNonRoot': false,
        'containers[0].securityContext.runAsUser': 0,
        'containers[0].securityContext.runAsGroup': 0,
        'containers[0].securityContext.seccompProfile': { type: 'Unconfined' },
      }),
    ).toEqual([
      ['run-as-non-root', `${main}.runAsNonRoot`, false],
      ['high-uid-and-gid', `${main}.runAsUser`, 0],
      ['high-uid-and-gid', `${main}.runAsGroup`, 0],
      ['seccomp-runtime-default', `${main}.seccompProfile.type`, 'Unconfined'],
    ]);
  });

  it('is the container’s where every container corrects a bad pod', () => {
    const good = { runAsNonRoot: true, runAsUser: 20_000, runAsGroup: 20_000 };
    const container = {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
      ...good,
    };
    expect(
      findings({
        securityContext: { runAsNonRoot: false, runAsUser: 0, seccompProfile: { type: 'Unconfined' } },
        'initContainers[0].securityContext': container,
        'containers[0].securityContext': container,
      }),
    ).toEqual([]);
  });

  it('is the pod’s for the one container that does not correct it, and is reported where it stands', () => {
    expect(
      findings({
        'securityContext.runAsUser': 0,
        'initContainers[0].securityContext.runAsUser': 10_001,
      }),
    ).toEqual([['high-uid-and-gid', `${pod}.runAsUser`, 0]]);
  });

  it('is reported once where several containers inherit it', () => {
    expect(findings({ 'securityContext.runAsNonRoot': false })).toEqual([
      ['run-as-non-root', `${pod}.runAsNonRoot`, false],
    ]);
  });

  it('is inherited past an empty field, which for the API server is no override', () => {
    expect(
      findings({
        'containers[0].securityContext.runAsNonRoot': null,
        'containers[0].securityContext.seccompProfile': null,
      }),
    ).toEqual([]);
  });

  it('replaces the profile of the pod as a whole', () => {
    expect(findings({ 'containers[0].securityContext.seccompProfile': {} })).toEqual([
      ['seccomp-runtime-default', `${main}.seccompProfile.type`, undefined],
    ]);
  });
});

describe('a setting that only a container knows', () => {
  it('counts for nothing on the pod', () => {
    expect(
      findings({
        'securityContext.allowPrivilegeEscalation': false,
        'securityContext.readOnlyRootFilesystem': true,
        'securityContext.capabilities': { drop: ['ALL'] },
        'containers[0].securityContext': undefined,
        'initContainers[0].securityContext': null,
      }),
    ).toEqual(
      ['allowPrivilegeEscalation', 'readOnlyRootFilesystem', 'capabilities.drop'].flatMap((field, index) => {
        const checks = ['no-privilege-escalation', 'read-only-root-filesystem', 'drop-all-capabilities'];
        return [init, main].map((container) => [checks[index], `${container}.${field}`, undefined]);
      }),
    );
  });
});
