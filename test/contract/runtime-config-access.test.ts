import { parseRuntimeConfig } from '../../gateway-app/contract/runtime-config';
import { secretFilesOf } from '../../gateway-app/contract/secret-files';
import { InvalidInput, type Problem } from '../../gateway-app/contract/validate';
import { checkConfig } from '../../gateway-app/src/config/load';

const issuer = 'https://login.example.com';
const jwt = {
  kind: 'jwt',
  issuer,
  audiences: ['ai-gateway'],
  algorithms: ['RS256'],
  jwks: { url: `${issuer}/keys` },
} as const;
const tokens = [{ issuer, value: 'search' }];

/** A configuration that takes tokens, with these fields in place of its own. */
function configured(changes: object = {}): unknown {
  return {
    version: 1,
    access: [jwt],
    providers: [{ name: 'up', kind: 'openai', baseUrl: 'https://api.example.com/v1' }],
    models: [{ name: 'm', targets: [{ provider: 'up', model: 'x' }] }],
    tenants: [{ name: 'search', tokens }],
    ...changes,
  };
}

function problemsOf(read: () => unknown): readonly Problem[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems;
    throw error;
  }
  return [];
}

const parsed = (input: unknown) => parseRuntimeConfig(input, 'test.yaml', 'Nothing starts.');

it('Access by tokens is taken with its defaults filled in', () => {
  expect(parsed(configured()).access).toEqual([
    {
      ...jwt,
      tenantClaim: 'sub',
      clockSkewSeconds: 30,
      jwks: { ...jwt.jwks, refreshSeconds: 600, keepSeconds: 14_400 },
    },
  ]);
});

it('Access by keys and by tokens of several issuers stands side by side', () => {
  const other = { ...jwt, issuer: 'https://other.example.com' };
  const access = [{ kind: 'keys' }, jwt, other];
  const tenants = [
    { name: 'a', keys: [{ sha256: 'a'.repeat(64) }], tokens: [{ ...tokens[0], issuer: other.issuer }] },
  ];
  expect(problemsOf(() => parsed(configured({ access, tenants })))).toEqual([]);
});

it('The file of the authority is a secret file like any other', () => {
  const access = [{ kind: 'keys' }, { ...jwt, jwks: { ...jwt.jwks, caFile: 'login-ca' } }];
  expect(secretFilesOf(parsed(configured({ access })))).toEqual([
    { path: ['access', 1, 'jwks', 'caFile'], name: 'login-ca', form: { kind: 'certificates' } },
  ]);
});

it.each<[string, object, string, RegExp]>([
  ['no method', { access: [] }, 'access', /at least 1/],
  ['an unknown method', { access: [{ kind: 'basic' }] }, 'access[0].kind', /"keys", "jwt" or/],
  ['no issuer', { access: [{ ...jwt, issuer: undefined }] }, 'access[0].issuer', /must be/],
  ['no audience', { access: [{ ...jwt, audiences: [] }] }, 'access[0].audiences', /at least 1/],
  ['no algorithm', { access: [{ ...jwt, algorithms: [] }] }, 'access[0].algorithms', /at least 1/],
  ['no signature', { access: [{ ...jwt, algorithms: ['none'] }] }, 'access[0].algorithms[0]', /"RS256"/],
  ['a shared key', { access: [{ ...jwt, algorithms: ['HS256'] }] }, 'access[0].algorithms[0]', /"RS256"/],
  [
    'a skew of an hour',
    { access: [{ ...jwt, clockSkewSeconds: 3600 }] },
    'access[0].clockSkewSeconds',
    /300/,
  ],
  ['no address', { access: [{ ...jwt, jwks: { url: 'keys' } }] }, 'access[0].jwks.url', /absolute/],
  [
    'credentials in the address',
    { access: [{ ...jwt, jwks: { url: 'https://user:password@login.example.com/keys' } }] },
    'access[0].jwks.url',
    /credentials/,
  ],
  [
    'keys that are gone before they are asked for',
    { access: [{ ...jwt, jwks: { ...jwt.jwks, keepSeconds: 60 } }] },
    'access[0].jwks.keepSeconds',
    /must not be below refreshSeconds \(600\)/,
  ],
  ['one issuer twice', { access: [jwt, jwt] }, 'access[1].issuer', /taken by access\[0\]/],
  [
    'keys twice',
    { access: [{ kind: 'keys' }, { kind: 'keys' }, jwt] },
    'access[1].kind',
    /taken by access\[0\]/,
  ],
  [
    'a token of an issuer that is not taken',
    { tenants: [{ name: 'a', tokens: [{ issuer: 'https://x.test', value: 'a' }] }] },
    'tenants[0].tokens[0].issuer',
    /login\.example\.com/,
  ],
  [
    'one token for two tenants',
    { tenants: ['a', 'b'].map((name) => ({ name, tokens })) },
    'tenants[1].tokens[0].value',
    /of tenant "a" already/,
  ],
  [
    'keys that nobody looks at',
    { tenants: [{ name: 'a', tokens, keys: [{ sha256: 'a'.repeat(64) }] }] },
    'tenants[0].keys',
    /access does not take it/,
  ],
  [
    'tokens that nobody looks at',
    { access: 'keys', tenants: [{ name: 'a', tokens, keys: [{ sha256: 'a'.repeat(64) }] }] },
    'tenants[0].tokens',
    /access does not take it/,
  ],
  ['a tenant that nothing tells', { tenants: [{ name: 'a' }] }, 'tenants[0]', /must have keys, tokens or/],
])('With %s it is refused with path, rule and fix', (_what, changes, path, ruleText) => {
  const problems = problemsOf(() => parsed(configured(changes)));
  expect(problems.map((problem) => problem.path)).toContain(path);
  const found = problems.find((problem) => problem.path === path);
  expect(found?.rule).toMatch(ruleText);
  expect(found?.fix).toMatch(/\w/);
  expect(JSON.stringify(problems)).not.toContain('password');
});

it('All that is wrong within a method is told at once', () => {
  const access = [{ ...jwt, issuer: '', algorithms: ['none'], audience: 'x' }];
  const paths = problemsOf(() => parsed(configured({ access }))).map(({ path }) => path);
  expect(paths.sort()).toEqual(['access[0].algorithms[0]', 'access[0].audience', 'access[0].issuer']);
});

it('Production takes keys of an issuer by https alone', () => {
  const plain = { ...jwt, jwks: { url: 'http://login.example.com/keys' } };
  const check = (access: object[]) => () => checkConfig(configured({ access }), 'production', 'x', '');
  expect(problemsOf(check([jwt]))).toEqual([]);
  expect(problemsOf(check([{ kind: 'keys' }, plain])).map(({ path }) => path)).toEqual([
    'access[1].jwks.url',
  ]);
});

const provider = { name: 'up', kind: 'openai', baseUrl: 'http://vllm.models.svc/v1', caFile: 'ca' };
const redis = { kind: 'redis', host: 'redis', maxReplicas: 2, caFile: 'ca' };
const plainJwks = { ...jwt, jwks: { url: 'http://login.test/keys', caFile: 'ca' } };

it.each<[string, object, string]>([
  ['a provider', { providers: [provider] }, 'providers[0].caFile'],
  ['Redis', { store: redis }, 'store.caFile'],
  ['an issuer', { access: [plainJwks] }, 'access[0].jwks.caFile'],
])('The authority of %s that is spoken to in clear is refused', (_who, changes, path) => {
  const problems = problemsOf(() => parsed(configured(changes)));
  expect(problems).toMatchObject([{ path, rule: expect.stringMatching(/needs TLS/) }]);
});

const certificates = [{ by: 'common-name', value: 'search' }];
const shown = {
  access: [{ kind: 'client-certificates' }],
  tls: { certFile: 'tls.crt', keyFile: 'tls.key', clientCaFile: 'clients-ca' },
  tenants: [{ name: 'search', certificates }],
};

it('Access by client certificates is taken, with the files of both sides', () => {
  const config = parsed(configured(shown));
  expect(config.tls).toEqual({ ...shown.tls, minVersion: 'TLSv1.2' });
  expect(secretFilesOf(config).map(({ name, form }) => `${name} ${form.kind}`)).toEqual([
    'tls.crt certificates',
    'tls.key private-key',
    'clients-ca certificates',
  ]);
});

const { clientCaFile: _none, ...withoutAuthority } = shown.tls;

it.each<[string, object, string, RegExp]>([
  [
    'client certificates of any authority',
    { ...shown, tls: withoutAuthority },
    'access[0].kind',
    /clientCaFile/,
  ],
  ['client certificates without TLS', { ...shown, tls: undefined }, 'access[0].kind', /clientCaFile/],
  ['an authority that nobody asks', { tls: shown.tls }, 'tls.clientCaFile', /no use/],
  [
    'a version that is broken',
    { ...shown, tls: { ...shown.tls, minVersion: 'TLSv1.1' } },
    'tls.minVersion',
    /TLSv1\.2/,
  ],
  ['no key', { ...shown, tls: { certFile: 'a' } }, 'tls.keyFile', /must be/],
  [
    'a fingerprint with colons',
    { ...shown, tenants: [{ name: 'a', certificates: [{ by: 'fingerprint', value: 'AA:BB' }] }] },
    'tenants[0].certificates[0].value',
    /64 lower-case/,
  ],
  [
    'an unknown place',
    { ...shown, tenants: [{ name: 'a', certificates: [{ by: 'email', value: 'a@b' }] }] },
    'tenants[0].certificates[0].by',
    /"uri", "dns-name"/,
  ],
  [
    'one certificate for two tenants',
    { ...shown, tenants: ['a', 'b'].map((name) => ({ name, certificates })) },
    'tenants[1].certificates[0].value',
    /of tenant "a" already/,
  ],
])('With %s it is refused with path, rule and fix', (_what, changes, path, ruleText) => {
  const found = problemsOf(() => parsed(configured(changes))).find((problem) => problem.path === path);
  expect(found?.rule).toMatch(ruleText);
  expect(found?.fix).toMatch(/\w/);
});
