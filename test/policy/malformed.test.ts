import { parseAllDocuments } from 'yaml';

import { validateManifests } from '../../charts/policy/validate-manifests';
import { formatViolation, type Violation } from '../../charts/policy/violation';
import { withChanges } from './changes';
import { deployment } from './deployment';
import { judge, object } from './objects';

function judgeText(yaml: string): Violation[] {
  return validateManifests(
    parseAllDocuments(yaml, { version: '1.1' }).map((document) => document.toJS() as unknown),
  );
}

describe('documents', () => {
  it('are skipped where they are empty', () => {
    expect(judgeText('---\n---\n# only a comment\n---\nnull\n')).toEqual([]);
  });

  it.each([
    ['a text', 'hello', 'hello'],
    ['a number', '42', 42],
    ['a bare list', '- a\n- b', ['a', 'b']],
  ])('are reported where they are %s', (_, yaml, found) => {
    expect(judgeText(`---\n---\n${yaml}`)).toMatchObject([
      {
        checkId: 'well-formed',
        object: { apiVersion: '', kind: '', namespace: '', name: '' },
        path: 'documents[1]',
        found,
      },
    ]);
  });
});

describe('a list', () => {
  it.each([
    ['v1', 'List'],
    ['apps/v1', 'DeploymentList'],
  ])('%s %s is judged by its items, also inside another list', (apiVersion, kind) => {
    const list = {
      apiVersion,
      kind,
      items: [object('v1', 'ConfigMap'), null, deployment({ hostPID: true })],
    };
    const nested = { apiVersion: 'v1', kind: 'List', items: [list] };
    for (const document of [list, nested]) {
      expect(judge([document])).toMatchObject([
        { checkId: 'no-host-access', object: { kind: 'Deployment', name: 'gateway' }, found: true },
      ]);
    }
  });

  it('that contains itself by a YAML alias ends', () => {
    expect(judgeText('&all {apiVersion: v1, kind: List, items: [*all, 7]}')).toMatchObject([
      { checkId: 'well-formed', found: 7 },
    ]);
  });

  it('whose items are no list is an object like any other', () => {
    expect(judgeText('{apiVersion: v1, kind: List, items: none}')).toContainEqual(
      expect.objectContaining({ checkId: 'well-formed', path: 'metadata.name' }),
    );
  });
});

describe('wrong types', () => {
  const wrong = [null, 0, '', 'text', true, [], [null], ['text'], {}, { items: {} }];
  const paths = [
    'metadata',
    'spec',
    'spec.template',
    'spec.template.spec',
    'spec.template.spec.securityContext',
    'spec.template.spec.securityContext.seccompProfile',
    'spec.template.spec.volumes',
    'spec.template.spec.containers',
    'spec.template.spec.containers[0]',
    'spec.template.spec.containers[0].securityContext',
    'spec.template.spec.containers[0].securityContext.capabilities',
    'spec.template.spec.containers[0].ports',
  ];

  it.each(paths)('at %s never throw', (path) => {
    for (const value of wrong) {
      expect(() => judge([withChanges(deployment(), { [path]: value })])).not.toThrow();
    }
  });

  it.each(paths.filter((path) => !path.endsWith('volumes') && !path.endsWith('ports')))(
    'at %s are never taken for a good manifest',
    (path) => {
      for (const value of wrong) {
        expect(judge([withChanges(deployment(), { [path]: value })])).not.toEqual([]);
      }
    },
  );

  it('are named with their path and value', () => {
    const manifest = withChanges(deployment(), {
      'spec.template.spec.containers[0].securityContext': 'none',
    });
    expect(judge([manifest])).toContainEqual(
      expect.objectContaining({
        checkId: 'well-formed',
        path: 'spec.template.spec.containers[0].securityContext',
        found: 'none',
      }),
    );
  });
});

it('formats a violation as value, rule, consequence and fix', () => {
  const [violation] = judge([deployment({ hostNetwork: true })]);
  expect(formatViolation(violation!)).toMatch(
    /^no-host-access: Deployment production\/gateway: spec\.template\.spec\.hostNetwork is true\. The network .* Remove hostNetwork/,
  );
});
