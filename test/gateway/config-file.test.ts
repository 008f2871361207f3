import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRuntimeConfig } from '../../gateway-app/contract/runtime-config';
import { loadConfigFile } from '../../gateway-app/src/config/load';
import { Secrets } from '../../gateway-app/src/config/secrets';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-config-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const valid = [
  'version: 1',
  'access: keys',
  'providers: [{ name: up, kind: openai, baseUrl: "https://api.example.com/v1", apiKeyFile: key }]',
  'models: [{ name: m, targets: [{ provider: up, model: x }] }]',
].join('\n');

const load = (text: string, mode: 'production' | 'development' = 'development'): Promise<unknown> => {
  const file = join(folder, 'gateway.yaml');
  writeFileSync(file, text);
  return loadConfigFile(file, mode, 'The gateway does not start.');
};

describe('A configuration file', () => {
  it('is read with its defaults filled in', async () => {
    await expect(load(valid)).resolves.toMatchObject({
      tenants: [],
      limits: { maxBodyBytes: 10 * 1024 * 1024 },
    });
  });

  it.each([
    ['a key written twice', `${valid}\nversion: 1`, 'duplicate'],
    ['broken YAML', 'version: [1', 'must be one YAML document'],
    ['two documents', `${valid}\n---\n${valid}`, 'must be one YAML document'],
    ['an unknown tag', `${valid}\nlimits: !!js/function "x"`, 'must be one YAML document'],
    ['nothing', '', 'must be of type object'],
    ['more than a ConfigMap holds', `# ${'x'.repeat(1024 * 1024)}`, 'must be at most 1048576 bytes'],
    [
      'aliases that multiply',
      'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n' +
        'd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d]',
      'must be one YAML document',
    ],
  ])('with %s is refused', async (_name, text, message) => {
    const refusal = load(text);
    await expect(refusal).rejects.toThrow(message);
    await expect(refusal).rejects.toThrow('The gateway does not start.');
  });

  it('that is broken beside a secret does not show it', async () => {
    const refusal = load('providers: [{ apiKey: sk-secret, a: : b }]');
    await expect(refusal).rejects.toThrow('must be one YAML document');
    await expect(refusal).rejects.not.toThrow('sk-secret');
  });

  it.each([
    ['anonymous access', valid.replace('access: keys', 'access: anonymous'), 'access'],
    [
      'the echo provider',
      valid.replace(/providers: .*/, 'providers: [{ name: up, kind: echo }]'),
      'providers[0].kind',
    ],
  ])('with %s is refused in production, and taken in development', async (_name, text, path) => {
    await expect(load(text, 'production')).rejects.toThrow(`  ${path}: found `);
    await expect(load(text)).resolves.toBeDefined();
  });
});

describe('A secret file', () => {
  const config = (apiKeyFile: string): ReturnType<typeof parseRuntimeConfig> =>
    parseRuntimeConfig(
      {
        version: 1,
        providers: [{ name: 'up', kind: 'openai', baseUrl: 'https://api.example.com/v1', apiKeyFile }],
        models: [{ name: 'm', targets: [{ provider: 'up', model: 'x' }] }],
      },
      'test',
      '',
    );

  it('gives its one line, without the line break', async () => {
    writeFileSync(join(folder, 'key'), 'sk-1\n');
    const secrets = await Secrets.load(folder, config('key'), '');
    expect(secrets.get('key')).toBe('sk-1');
  });

  it('that is missing is named with its place in the configuration', async () => {
    await expect(Secrets.load(folder, config('key'), 'The gateway does not start.')).rejects.toThrow(
      /The gateway does not start\.\n {2}providers\[0\]\.apiKeyFile: found key, which cannot be read \(ENOENT\)\. .*Fix: /,
    );
  });

  it.each(['', 'two words', 'line\nbreak', 'ünicode', 'x'.repeat(9000)])(
    'that holds %j is refused without being shown',
    async (content) => {
      writeFileSync(join(folder, 'key'), content);
      const refusal = Secrets.load(folder, config('key'), '');
      await expect(refusal).rejects.toThrow('printable ASCII');
      if (content !== '') await expect(refusal).rejects.not.toThrow(content);
    },
  );
});
