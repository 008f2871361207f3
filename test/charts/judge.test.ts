import production from '../../charts/config/environments/production';
import { judge } from '../../charts/judge';
import { identityOf } from '../../charts/kit/identity';
import { synthesize } from '../../charts/synthesize';

const who = { name: 'a', namespace: 'space', environment: 'test', owner: 'team-test', version: 'v1' };
const object = (apiVersion: string, name: string) => ({
  apiVersion,
  kind: 'Thing',
  metadata: { name, namespace: 'space', labels: identityOf(who).labels },
});
const privileged = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'space' },
  spec: {
    hostNetwork: true,
    containers: [{ name: 'c', image: 'c:1', securityContext: { privileged: true } }],
  },
};

it('lets the reference pass', () => {
  expect(() => {
    const { folders, policy } = synthesize(production);
    judge(folders, policy);
  }).not.toThrow();
});

it('refuses two objects of one identity, also in two versions of their group', () => {
  const manifests = [object('example.com/v1', 'a'), object('example.com/v1beta1', 'a')];
  expect(() => {
    judge([{ name: 'us-east-1', manifests }]);
  }).toThrow(/break 1 rule:\n {2}us-east-1: unique-objects: Thing space\/a: .*No manifest is written/s);
});

it('lets objects of one name stand in several groups and folders', () => {
  const manifests = [object('example.com/v1', 'a'), object('example.org/v1', 'a')];
  expect(() => {
    judge([
      { name: 'us-east-1', manifests },
      { name: 'us-west-2', manifests },
    ]);
  }).not.toThrow();
});

it('refuses what breaks the policy, naming folder, check and field', () => {
  expect(() => {
    judge([{ name: 'us-east-1', manifests: [privileged] }]);
  }).toThrow(
    /us-east-1: not-privileged: Pod space\/p: spec\.containers\[0\]\.securityContext\.privileged is true/,
  );
});
