import { accepted, brokenAt, kept, refused, type Cases } from '../case';
import { object } from '../objects';

const env = 'containers[0].env';
const hidden = '(not shown)';
/** Put together here, so that no scanner takes it for a real one. */
const key = ['sk', 'proj', 'abcdefghijkl0123456789mn'].join('-');

const variable = (name: string, value: string) => ({ [env]: [{ name, value }] });
const settings = (text: string) => object('v1', 'ConfigMap', { data: { 'gateway.yaml': text } });

export const secrets: Cases = {
  'secrets-as-files': {
    violating: [
      brokenAt(
        'a variable from a Secret',
        { [env]: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] },
        { [`${env}[0].valueFrom.secretKeyRef`]: { name: 's', key: 'k' } },
      ),
      brokenAt(
        'every variable from a Secret',
        { 'initContainers[0].envFrom': [{ secretRef: { name: 's' } }] },
        { 'initContainers[0].envFrom[0].secretRef': { name: 's' } },
      ),
    ],
    passing: [
      kept('a Secret as a volume', { volumes: [{ name: 'keys', secret: { secretName: 's' } }] }),
      kept('variables from elsewhere', {
        [env]: [{ name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
        'containers[0].envFrom': [{ configMapRef: { name: 'a' } }],
      }),
    ],
  },
  'no-plain-text-secrets': {
    violating: [
      ...['API_KEY', 'OPENAI_API_KEY', 'DB_PASSWORD', 'token', 'clientSecret'].map((name) =>
        brokenAt(`a variable named ${name}`, variable(name, 'abc'), { [`${env}[0].value`]: hidden }),
      ),
      brokenAt('a key under any name', variable('MODEL', key), { [`${env}[0].value`]: hidden }),
      brokenAt('a password in a URL', variable('STORE', 'redis://user:pass@store:6379'), {
        [`${env}[0].value`]: hidden,
      }),
      brokenAt(
        'an argument',
        { 'containers[0].args': ['--port=80', '--api-key=abc'] },
        {
          'containers[0].args[1]': hidden,
        },
      ),
      refused('a configuration file', settings('store:\n  - password: abc\n'), {
        'data["gateway.yaml"]': hidden,
      }),
      refused('a Secret', object('v1', 'Secret', { stringData: { a: 'b' } }), { 'stringData.a': hidden }),
    ],
    passing: [
      kept('the path of a file', variable('API_KEY', '/etc/secrets/key')),
      kept('a number of tokens', variable('MAX_TOKENS', '100')),
      kept('a reference to another variable', variable('TOKEN', '$(OTHER)')),
      accepted('a configuration that names files', settings('apiKeyFile: openai\n')),
      accepted('a configuration that is no YAML', settings('a: [')),
    ],
  },
  'unique-env-keys': {
    violating: [
      brokenAt(
        'one name twice',
        {
          [env]: [
            { name: 'A', value: '1' },
            { name: 'B', value: '1' },
            { name: 'A', value: '2' },
          ],
        },
        { [`${env}[2].name`]: 'A' },
      ),
    ],
    passing: [
      kept('one name in two containers', {
        [env]: [{ name: 'A', value: '1' }],
        'initContainers[0].env': [{ name: 'A', value: '1' }],
      }),
    ],
  },
};
