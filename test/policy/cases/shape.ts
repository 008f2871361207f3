import { accepted, broken, brokenAt, type Cases } from '../case';
import { withChanges } from '../changes';
import { object } from '../objects';

export const shape: Cases = {
  'well-formed': {
    violating: [
      broken('no containers', { containers: [] }),
      broken('containers that are no list', { containers: { name: 'gateway' } }),
      broken('volumes that are no list', { volumes: 'tmp' }),
      broken('supplemental groups that are no list', { 'securityContext.supplementalGroups': 0 }),
      brokenAt(
        'a port that is a bare number',
        { 'containers[0].ports': [8080] },
        { 'containers[0].ports[0]': 8080 },
      ),
      {
        name: 'no name',
        manifest: { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} },
        findings: { 'metadata.name': undefined },
      },
      {
        name: 'an empty name',
        manifest: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '', generateName: null } },
        findings: { 'metadata.name': '' },
      },
      {
        name: 'no kind',
        manifest: { apiVersion: 'v1', metadata: { name: 'settings' } },
        findings: { kind: undefined },
      },
    ],
    passing: [
      accepted('an object without a spec', object('v1', 'ConfigMap')),
      accepted(
        'a name that the API server will make',
        withChanges(object('v1', 'ConfigMap'), { 'metadata.name': undefined, 'metadata.generateName': 'a-' }),
      ),
    ],
  },
};
