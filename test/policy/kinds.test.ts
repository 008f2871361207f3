import type { Fields } from './changes';
import { podSpec } from './deployment';
import { judge, object, workload } from './objects';

const metadata = { name: 'gateway', namespace: 'production' };

const kinds: readonly (readonly [apiVersion: string, kind: string, podPath: string])[] = [
  ['v1', 'Pod', 'spec'],
  ['v1', 'PodTemplate', 'template.spec'],
  ['v1', 'ReplicationController', 'spec.template.spec'],
  ['apps/v1', 'Deployment', 'spec.template.spec'],
  ['apps/v1', 'StatefulSet', 'spec.template.spec'],
  ['apps/v1', 'DaemonSet', 'spec.template.spec'],
  ['apps/v1', 'ReplicaSet', 'spec.template.spec'],
  ['batch/v1', 'Job', 'spec.template.spec'],
  ['batch/v1', 'CronJob', 'spec.jobTemplate.spec.template.spec'],
];

describe.each(kinds)('%s %s', (apiVersion, kind, podPath) => {
  it('keeps the policy with a good pod', () => {
    expect(judge([workload(apiVersion, kind, podSpec())])).toEqual([]);
  });

  it.each(['initContainers', 'containers', 'ephemeralContainers'])('is judged by its %s', (list) => {
    const privileged = goodContainer();
    privileged.securityContext['privileged'] = true;
    const pod = podSpec({ [list]: [privileged] });
    expect(judge([workload(apiVersion, kind, pod)])).toMatchObject([
      {
        checkId: 'not-privileged',
        object: { apiVersion, kind, ...metadata },
        path: `${podPath}.${list}[0].securityContext.privileged`,
        found: true,
      },
    ]);
  });

  it('is judged by what its pods share with the node', () => {
    const pod = podSpec({ hostNetwork: true });
    expect(judge([workload(apiVersion, kind, pod)])).toMatchObject([
      { checkId: 'no-host-access', path: `${podPath}.hostNetwork`, found: true },
    ]);
  });

  it('is malformed without a pod', () => {
    expect(judge([object(apiVersion, kind)])).toContainEqual(
      expect.objectContaining({ checkId: 'well-formed', path: `${podPath}.containers`, found: undefined }),
    );
  });
});

it('leaves a kind of another API group alone that only shares the name', () => {
  const foreign = object('batch.volcano.sh/v1alpha1', 'Job', { spec: { tasks: [] } });
  expect(judge([foreign])).toEqual([]);
});

function goodContainer() {
  return (podSpec()['containers'] as (Fields & { securityContext: Fields })[])[0]!;
}
