import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  parseRuntimeConfig,
  runtimeConfigJsonSchema,
  type RuntimeConfigInput,
} from '../../gateway-app/contract/runtime-config';
import { InvalidInput, type Problem } from '../../gateway-app/contract/validate';
import { checkConfig } from '../../gateway-app/src/config/load';

const hash = 'a'.repeat(64);

const valid = (): RuntimeConfigInput => ({
  version: 1,
  providers: [{ name: 'up', kind: 'openai', baseUrl: 'https://api.example.com/v1', apiKeyFile: 'key' }],
  models: [{ name: 'm', targets: [{ provider: 'up', model: 'x' }] }],
  tenants: [{ name: 'team', keys: [{ sha256: hash }], models: ['m'] }],
});

/** The configuration with one place changed; undefined removes it. */
function changed(path: (string | number)[], value: unknown): unknown {
  const config = valid();
  const last = path.at(-1)!;
  let place = config as unknown as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>;
  if (value === undefined) Reflect.deleteProperty(place, last);
  else place[last] = value;
  return config;
}

function problemsOf(input: unknown): readonly Problem[] {
  try {
    parseRuntimeConfig(input, 'test.yaml', 'Nothing starts.');
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems;
    throw error;
  }
  return [];
}

describe('A runtime configuration', () => {
  it('is taken with its defaults filled in', () => {
    expect(parseRuntimeConfig(valid(), 'test.yaml', '')).toMatchObject({
      access: 'keys',
      limits: { maxBodyBytes: 10 * 1024 * 1024 },
    });
  });

  const secret = 'sk-live-0123456789';
  const cases: [string, unknown, string, RegExp][] = [
    ['another version', changed(['version'], 2), 'version', /must be 1/],
    ['no version', changed(['version'], undefined), 'version', /must be 1/],
    ['an unknown field', changed(['model'], []), 'model', /no such field/],
    ['an unknown access', changed(['access'], 'open'), 'access', /"keys", "anonymous" or a list/],
    ['no provider', changed(['providers'], []), 'providers', /at least 1 entries/],
    ['an unknown kind', changed(['providers', 0, 'kind'], 'opnai'), 'providers[0].kind', /"echo"/],
    ['a bad name', changed(['providers', 0, 'name'], 'Up!'), 'providers[0].name', /lower-case/],
    ['a reserved name', changed(['providers', 0, 'name'], 'none'), 'providers[0].name', /reserved/],
    [
      'a base URL that is none',
      changed(['providers', 0, 'baseUrl'], 'api'),
      'providers[0].baseUrl',
      /absolute/,
    ],
    ['another protocol', changed(['providers', 0, 'baseUrl'], 'ftp://a/v1'), 'providers[0].baseUrl', /http/],
    [
      'a base URL with a query',
      changed(['providers', 0, 'baseUrl'], 'http://a/?b'),
      'providers[0].baseUrl',
      /path/,
    ],
    [
      'credentials in a base URL',
      changed(['providers', 0, 'baseUrl'], `https://user:${secret}@a/v1`),
      'providers[0].baseUrl',
      /must not hold credentials/,
    ],
    [
      'a key in the query of a base URL',
      changed(['providers', 0, 'baseUrl'], `https://a/v1?api-key=${secret}`),
      'providers[0].baseUrl',
      /path/,
    ],
    [
      'a key in the query of a base URL without its scheme',
      changed(['providers', 0, 'baseUrl'], `a/v1#"${secret}`),
      'providers[0].baseUrl',
      /absolute/,
    ],
    [
      'a key in the query of an address under an unknown name',
      changed(['providers', 0, 'host'], `https://a/v1?a="${secret}`),
      'providers[0].host',
      /no such field/,
    ],
    [
      'a key in place of its file',
      changed(['providers', 0, 'apiKeyFile'], `${secret}/+=`),
      'providers[0].apiKeyFile',
      /plain file name/,
    ],
    [
      'a file elsewhere',
      changed(['providers', 0, 'apiKeyFile'], '../passwd'),
      'providers[0].apiKeyFile',
      /plain file name/,
    ],
    [
      'two providers of one name',
      changed(['providers', 1], valid().providers[0]),
      'providers[1].name',
      /is the name of/,
    ],
    ['a model without targets', changed(['models', 0, 'targets'], undefined), 'models[0].targets', /array/],
    ['a model with no target', changed(['models', 0, 'targets'], []), 'models[0].targets', /at least 1/],
    [
      'a target that leads nowhere',
      changed(['models', 0, 'targets', 0, 'provider'], 'x'),
      'models[0].targets[0].provider',
      /must name a provider \(up\)/,
    ],
    [
      'a target that is there twice',
      changed(['models', 0, 'targets', 1], { provider: 'up', model: 'x', priority: 0 }),
      'models[0].targets[1].model',
      /is targets\[0\] already/,
    ],
    [
      'a weight without a second target of its priority',
      changed(['models', 0, 'targets', 0, 'weight'], 3),
      'models[0].targets[0].weight',
      /no other target has the priority 0/,
    ],
    ['two models of one name', changed(['models', 1], valid().models[0]), 'models[1].name', /is the name of/],
    [
      'a key in place of its hash',
      changed(['tenants', 0, 'keys', 0, 'sha256'], secret),
      'tenants[0].keys[0].sha256',
      /SHA-256/,
    ],
    [
      'a hash in capitals',
      changed(['tenants', 0, 'keys', 0, 'sha256'], 'A'.repeat(64)),
      'tenants[0].keys[0].sha256',
      /lower-case/,
    ],
    ['a tenant without keys', changed(['tenants', 0, 'keys'], []), 'tenants[0]', /must have keys, tokens or/],
    [
      'a key of two tenants',
      changed(['tenants', 1], { name: 'b', keys: [{ sha256: hash }] }),
      'tenants[1].keys[0].sha256',
      /told apart/,
    ],
    [
      'a tenant with an unknown model',
      changed(['tenants', 0, 'models'], ['y']),
      'tenants[0].models[0]',
      /must name a model \(m\)/,
    ],
    [
      'a body limit of nothing',
      changed(['limits'], { maxBodyBytes: 0 }),
      'limits.maxBodyBytes',
      /at least 1024/,
    ],
    ['a list', [], '', /object/],
  ];

  it.each(cases)('with %s is refused with path, rule and fix', (_name, input, path, ruleText) => {
    const problems = problemsOf(input);
    const found = problems.find((problem) => problem.path === path);
    expect(problems.map((problem) => problem.path)).toContain(path);
    expect(found?.rule).toMatch(ruleText);
    expect(found?.fix).toMatch(/\w/);
    expect(JSON.stringify(problems)).not.toContain(secret);
  });

  it('reports all its problems at once, with what does not happen because of them', () => {
    const input = { ...valid(), version: 7, models: [] };
    expect(() => parseRuntimeConfig(input, 'test.yaml', 'Nothing starts.')).toThrow(
      /^test\.yaml is not valid \(2 problems\)\. Nothing starts\.\n {2}version: .*\n {2}models: /,
    );
  });
});

describe('The JSON Schema', () => {
  it('in the repository is the one that the definition gives (npm run schema)', () => {
    const file = join(__dirname, '../../gateway-app/contract/runtime-config.schema.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(runtimeConfigJsonSchema())),
    );
  });
});

describe('docs/configuration.md', () => {
  const page = readFileSync(join(__dirname, '../../docs/configuration.md'), 'utf8');
  const [, example = ''] = /```yaml\n# gateway\.yaml\n([\s\S]*?)```/.exec(page) ?? [];

  it('shows a configuration that production takes', () => {
    expect(() => checkConfig(parse(example), 'production', 'the example', '')).not.toThrow();
  });

  it('names every field of the schema', () => {
    for (const field of fieldsOf(runtimeConfigJsonSchema())) expect(page).toContain(`\`${field}\``);
  });
});

/** Paths of all fields, as the page writes them: `providers[].name`. */
function fieldsOf(schema: object, prefix = ''): Set<string> {
  const {
    properties = {},
    items,
    oneOf = [],
  } = schema as {
    properties?: Record<string, object>;
    items?: object;
    oneOf?: object[];
  };
  const fields = new Set<string>();
  for (const [name, inner] of Object.entries(properties)) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    fields.add('items' in inner ? `${path}[]` : path);
    for (const field of fieldsOf(inner, path)) fields.add(field);
  }
  const nested = [...oneOf, ...(items === undefined ? [] : [items])];
  for (const inner of nested) {
    const path = items === inner ? `${prefix}[]` : prefix;
    for (const field of fieldsOf(inner, path)) fields.add(field);
  }
  return fields;
}
