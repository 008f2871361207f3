import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { RuntimeConfigInput } from '../../../gateway-app/contract/runtime-config';
import { InvalidInput } from '../../../gateway-app/contract/validate';
import { checkConfig, loadConfigFile } from '../../../gateway-app/src/config/load';

const seed = 20_260_402;

/** Every part of a configuration once, so that damage reaches every rule. */
const whole: RuntimeConfigInput = {
  version: 1,
  access: [
    { kind: 'keys' },
    {
      kind: 'jwt',
      issuer: 'https://issuer.example.com',
      audiences: ['ai-gateway'],
      algorithms: ['ES256'],
      jwks: { url: 'https://issuer.example.com/keys' },
    },
  ],
  providers: [
    { name: 'up', kind: 'openai', baseUrl: 'https://api.example.com/v1', apiKeyFile: 'key' },
    { name: 'other', kind: 'echo' },
  ],
  models: [
    {
      name: 'm',
      targets: [
        { provider: 'up', model: 'x', price: { inputUsdPerMillionTokens: 1, outputUsdPerMillionTokens: 2 } },
        {
          provider: 'other',
          model: 'y',
          price: { inputUsdPerMillionTokens: 0, outputUsdPerMillionTokens: 0 },
        },
      ],
    },
  ],
  tenants: [
    {
      name: 'team',
      keys: [{ sha256: 'a'.repeat(64) }],
      tokens: [{ issuer: 'https://issuer.example.com', value: 'alice' }],
      models: ['m'],
      limits: { requestsPerSecond: 5, dailyBudgetUsd: 1 },
    },
  ],
  store: { kind: 'redis', host: 'redis', maxReplicas: 3 },
  limits: { maxBodyBytes: 1024, global: { requestsPerSecond: 100 } },
};

/** What is found wrong, or undefined where it is taken. Anything but an InvalidInput is thrown on. */
function problemsOf(input: unknown, mode: 'development' | 'production'): InvalidInput | undefined {
  try {
    checkConfig(input, mode, 'gateway.yaml', 'Nothing starts.');
    return undefined;
  } catch (error) {
    if (error instanceof InvalidInput) return error;
    throw error;
  }
}

const mode = fc.constantFrom('development' as const, 'production' as const);
const hostile = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    '',
    '__proto__',
    '\ud800',
    'x'.repeat(5_000),
    0,
    -1,
    1e999,
    NaN,
    2 ** 60,
  ),
  fc.constantFrom<unknown>([], {}, [[]], 'https://', 'http://[', '127.0.0.1/33', 'https://u:p@h/?k=v#f'),
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true }),
);

type Place = Record<PropertyKey, unknown>;

/** The configuration with anything in any of its places, or with a field that is not there. */
const damaged = fc
  .array(fc.tuple(fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), hostile), {
    minLength: 1,
    maxLength: 3,
  })
  .map((damages) => {
    const config = structuredClone(whole) as unknown as Place;
    for (const [steps, value] of damages) {
      let place = config;
      steps.every((step, depth) => {
        const keys = [...Object.keys(place), 'unknown'];
        const key = keys[step % keys.length]!;
        const inner = place[key];
        const goesOn = depth < steps.length - 1 && typeof inner === 'object' && inner !== null;
        if (goesOn) place = inner as Place;
        else place[key] = value;
        return goesOn;
      });
    }
    return config;
  });

describe('A configuration', () => {
  it('that is undamaged is taken', () => {
    expect(problemsOf(whole, 'development')?.message).toBeUndefined();
  });

  it.each([
    ['any value at all', fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true })],
    ['anything in any of its places', damaged],
  ])('of %s is taken, or refused with path, rule and fix', (_, inputs) => {
    let refused = 0;
    fc.assert(
      fc.property(inputs, mode, (input, where) => {
        const invalid = problemsOf(input, where);
        if (invalid === undefined) return;
        refused += 1;
        expect(invalid.problems.length).toBeGreaterThan(0);
        for (const { rule, fix, value } of invalid.problems) {
          expect(rule).not.toBe('');
          expect(fix).not.toBe('');
          expect(value.length).toBeLessThan(200);
        }
      }),
      { seed, numRuns: 2_000 },
    );
    expect(refused).toBeGreaterThan(500);
  });
});

describe('A configuration file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const file = join(folder, 'gateway.yaml');
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const read = async (bytes: string | Buffer): Promise<InvalidInput | undefined> => {
    writeFileSync(file, bytes);
    try {
      await loadConfigFile(file, 'production', 'Nothing starts.');
      return undefined;
    } catch (error) {
      if (error instanceof InvalidInput) return error;
      throw error;
    }
  };

  it.each([
    ['an alias within itself', 'version: &a [*a]'],
    ['the whole within itself', '&a\nversion: 1\nproviders: *a\n'],
    ['a provider within itself', 'providers: &a [{ name: *a }]'],
    [
      'aliases that double',
      `a: &a [1]\n${Array.from('bcdefghijklmnopq', (name, at) => `${name}: &${name} [${`*${'abcdefghijklmnop'[at]!}, `.repeat(9)}]`).join('\n')}`,
    ],
    ['lists deeper than the stack', '['.repeat(200_000)],
    ['maps deeper than the stack', '{a: '.repeat(50_000)],
    ['keys that are maps', '? { a: 1 }\n: 2'],
    ['a prototype', '__proto__: { version: 1 }'],
    ['an unknown tag', 'version: !!js/function "x"'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0, 1])],
    ['nothing', ''],
  ])('that holds %s is refused', async (_, bytes) => {
    expect(await read(bytes)).toBeInstanceOf(InvalidInput);
  });

  it('with damaged bytes is taken, or refused as a whole', async () => {
    const text = stringify(whole);
    const words = [
      '&a ',
      '*a',
      '!!binary ',
      '? ',
      '- ',
      ': ',
      '\n',
      '\t',
      '<<: ',
      '|',
      '"',
      '{',
      '[',
      '---\n',
    ];
    const damages = fc.array(
      fc.tuple(fc.nat({ max: text.length }), fc.oneof(fc.constantFrom(...words), fc.string()), fc.nat(5)),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(damages, async (list) => {
        let bytes = text;
        for (const [at, word, cut] of list) bytes = bytes.slice(0, at) + word + bytes.slice(at + cut);
        const invalid = await read(bytes);
        if (invalid !== undefined) expect(invalid.problems.length).toBeGreaterThan(0);
      }),
      { seed, numRuns: 300 },
    );
  });
});
