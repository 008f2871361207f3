import { validateManifests } from '../../charts/policy/validate-manifests';
import { podSpec, type Fields } from './deployment';

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

function manifest(apiVersion: string, kind: string, podPath: string, pod: unknown): Fields {
  const nested = podPath.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), pod);
  return { apiVersion, kind, metadata, ...(nested as Fields) };
}

describe.each(kinds)('%s %s', (apiVersion, kind, podPath) => {
  it('keeps the policy with a good pod', () => {
    expect(validateManifests([manifest(apiVersion, kind, podPath, podSpec())])).toEqual([]);
  });

  it.each(['initContainers', 'containers', 'ephemeralContainers'])('is judged by its %s', (list) => {
    const privileged = { name: 'debug', securityContext: { ...goodContext(), privileged: true } };
    const pod = podSpec({ [list]: [privileged] });
    expect(validateManifests([manifest(apiVersion, kind, podPath, pod)])).toMatchObject([
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
    expect(validateManifests([manifest(apiVersion, kind, podPath, pod)])).toMatchObject([
      { checkId: 'no-host-access', path: `${podPath}.hostNetwork`, found: true },
    ]);
  });

  it('is malformed without a pod', () => {
    expect(validateManifests([{ apiVersion, kind, metadata }])).toMatchObject([
      { checkId: 'well-formed', path: `${podPath}.containers`, found: undefined },
    ]);
  });
});

it('leaves a kind of another API group alone that only shares the name', () => {
  const foreign = { apiVersion: 'batch.volcano.sh/v1alpha1', kind: 'Job', metadata, spec: { tasks: [] } };
  expect(validateManifests([foreign])).toEqual([]);
});

function goodContext(): Fields {
  return (podSpec()['containers'] as Fields[])[0]!['securityContext'] as Fields;
}
