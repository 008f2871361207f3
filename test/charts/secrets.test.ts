import { Duration } from 'cdk8s';
import {
  type AiGatewayProps,
  type ExternalSecretsInput,
  InvalidInput,
  Secrets,
  synthesize,
} from '../../charts';
import type { AwsSecretsManagerInput, EnvironmentInput, VaultInput } from '../../charts';
import production from '../../charts/config/environments/production';
import { at, gatewayManifests, minimalProps, only } from './gateway-chart';

const roleArn = 'arn:aws:iam::111122223333:role/reader';
const config: AiGatewayProps['config'] = {
  ...minimalProps.config,
  providers: [
    { name: 'openai', kind: 'openai', baseUrl: 'https://api.openai.com/v1', apiKeyFile: 'openai-key' },
  ],
};
const manifestsWith = (input: ExternalSecretsInput, more: Partial<AiGatewayProps> = {}) =>
  gatewayManifests({ name: 'edge', config, secrets: Secrets.externalSecrets(input), ...more });

describe('Secrets.externalSecrets from AWS', () => {
  const aws: Required<AwsSecretsManagerInput> = {
    region: 'eu-central-1',
    roleArn,
    takenBy: 'service-account',
  };
  const manifests = manifestsWith({ keyPrefix: 'llm/edge', refreshInterval: Duration.minutes(7), aws });

  it('wires every input', () => {
    expect(at(only(manifests, 'ExternalSecret'), 'spec')).toEqual({
      secretStoreRef: { kind: 'SecretStore', name: 'edge-secrets' },
      refreshPolicy: 'Periodic',
      refreshInterval: '420s',
      target: { name: 'edge-secrets', creationPolicy: 'Owner', deletionPolicy: 'Retain' },
      data: [
        { secretKey: 'openai-key', remoteRef: { key: 'llm/edge/openai-key', property: 'value' } },
        { secretKey: 'openai-key.issued', remoteRef: { key: 'llm/edge/openai-key', property: 'issued' } },
      ],
    });
    expect(at(only(manifests, 'SecretStore'), 'spec', 'provider')).toEqual({
      aws: {
        service: 'SecretsManager',
        region: 'eu-central-1',
        auth: { jwt: { serviceAccountRef: { name: 'edge-secrets' } } },
      },
    });
  });

  it('logs in as a service account of its own, which gives no pod a token', () => {
    expect(only(manifests, 'ServiceAccount', 'edge-secrets')).toMatchObject({
      metadata: { annotations: { 'eks.amazonaws.com/role-arn': roleArn } },
      automountServiceAccountToken: false,
    });
    expect(at(only(manifests, 'Deployment'), 'spec', 'template', 'spec')).toMatchObject({
      serviceAccountName: 'edge',
      automountServiceAccountToken: false,
    });
  });

  it('is mounted as the folder of files', () => {
    expect(at(only(manifests, 'Deployment'), 'spec', 'template', 'spec', 'volumes')).toContainEqual({
      name: 'secrets',
      secret: { secretName: 'edge-secrets', defaultMode: 0o440 },
    });
  });

  it("leaves the role to the operator's pods where it is told so", () => {
    const other = manifestsWith({ aws: { ...aws, takenBy: 'operator' } });
    expect(at(only(other, 'SecretStore'), 'spec', 'provider', 'aws')).toEqual({
      service: 'SecretsManager',
      region: 'eu-central-1',
      role: roleArn,
    });
    expect(other.filter(({ kind }) => kind === 'ServiceAccount')).toHaveLength(1);
  });
});

describe('Secrets.externalSecrets from Vault', () => {
  const vault: Required<VaultInput> = {
    server: 'https://vault.example.org:8200',
    role: 'edge-reader',
    path: 'kv/llm',
    authPath: 'k8s/blue',
    caCertificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  };

  it('wires every input', () => {
    const manifests = manifestsWith({ vault });
    expect(at(only(manifests, 'SecretStore'), 'spec', 'provider')).toEqual({
      vault: {
        server: 'https://vault.example.org:8200',
        path: 'kv/llm',
        version: 'v2',
        caBundle: Buffer.from(vault.caCertificate!).toString('base64'),
        auth: {
          kubernetes: {
            mountPath: 'k8s/blue',
            role: 'edge-reader',
            serviceAccountRef: { name: 'edge-secrets' },
          },
        },
      },
    });
    expect(at(only(manifests, 'ExternalSecret'), 'spec', 'data', 0, 'remoteRef', 'key')).toBe(
      'test/edge/openai-key',
    );
    expect(at(only(manifests, 'ServiceAccount', 'edge-secrets'), 'metadata')).not.toHaveProperty(
      'annotations',
    );
  });

  it('is logged in to by each region at a mount of its own', () => {
    const { folders } = synthesize({ ...production, secrets: { externalSecrets: { vault } } });
    const mounts = ['us-east-1', 'us-west-2'].map((region) => {
      const { manifests } = folders.find(({ name }) => name === region)!;
      return at(
        only(manifests, 'SecretStore', 'ai-gateway-secrets'),
        'spec',
        'provider',
        'vault',
        'auth',
        'kubernetes',
        'mountPath',
      );
    });
    expect(mounts).toEqual(['k8s/blue/us-east-1', 'k8s/blue/us-west-2']);
  });
});

it('An environment reads each region from its own Secrets Manager', () => {
  const { folders } = synthesize(production);
  const regions = ['us-east-1', 'us-west-2'].map((region) => {
    const { manifests } = folders.find(({ name }) => name === region)!;
    return at(only(manifests, 'SecretStore', 'ai-gateway-secrets'), 'spec', 'provider', 'aws', 'region');
  });
  expect(regions).toEqual(['us-east-1', 'us-west-2']);
});

it('A file that comes into the configuration comes into the ExternalSecret, and leaves with it', () => {
  const keysOf = (fields: Partial<EnvironmentInput>): unknown[] => {
    const { manifests } = synthesize({ ...production, ...fields }).folders[0]!;
    const data = at(only(manifests, 'ExternalSecret'), 'spec', 'data') as { secretKey: string }[];
    return data.map(({ secretKey }) => secretKey).filter((key) => !key.endsWith('.issued'));
  };
  expect(keysOf({})).toEqual(['admin-token', 'model-server-ca', 'openai-api-key', 'redis-password']);
  const groq = {
    name: 'groq',
    kind: 'openai',
    baseUrl: 'https://api.groq.com/openai/v1',
    apiKeyFile: 'groq-api-key',
  } as const;
  const providers = [...production.config.providers, groq];
  expect(keysOf({ config: { ...production.config, providers } })).toContain('groq-api-key');
  const { admin: _admin, ...withoutAdmin } = production.config;
  expect(keysOf({ config: withoutAdmin })).toEqual(['model-server-ca', 'openai-api-key', 'redis-password']);
});

it('Where the configuration names no file, no operator is needed', () => {
  const aws = { region: 'eu-central-1', roleArn };
  const kinds = manifestsWith({ aws }, { config: minimalProps.config }).map(({ kind }) => kind);
  expect(kinds).not.toContain('ExternalSecret');
  expect(kinds).not.toContain('SecretStore');
});

describe('A secret itself is refused wherever it stands', () => {
  const { config: reference, image } = production;
  const [inCluster, openai] = reference.providers;
  const providers = (apiKeyFile: string) => [inCluster!, { ...openai!, apiKeyFile }];
  // Put together here, so that no scanner of this repository mistakes them for real ones.
  const key = ['sk', 'proj', 'abcDEF123456ghiJKL789012'].join('-');
  const token = ['hvs', 'CAESIJlU02LQZq0Vd3b6mXJ1'].join('.');
  const cases: [what: string, fields: object, path: string, rule: RegExp][] = [
    [
      "a provider's key for its file",
      { config: { ...reference, providers: providers(key) } },
      'config.providers[1].apiKeyFile',
      /model provider's key/,
    ],
    [
      'a random word for a file',
      { config: { ...reference, providers: providers('q8Zr2LmX0vT5yWc7NbK3') } },
      'config.providers[1].apiKeyFile',
      /a secret itself/,
    ],
    ['a token as an owner', { owner: token }, 'owner', /Vault token/],
    [
      'a key in a reason',
      { exceptions: [{ id: 'image-unreleased', reason: `pull with ${key}`, expires: '2030-01-01' }] },
      'exceptions[0].reason',
      /model provider's key/,
    ],
    ['a key as an unknown field', { surprise: { deep: [key] } }, 'surprise.deep[0]', /model provider's key/],
    [
      'a password in an address',
      { monitoring: { runbookBaseUrl: 'https://ops:hunter2@runbooks.example.com' } },
      'monitoring.runbookBaseUrl',
      /URL with a password/,
    ],
    [
      'a cloud key in a tag',
      { image: { ...image, tag: ['AKIA', 'ABCDEFGHIJKLMNOP'].join('') } },
      'image.tag',
      /AWS access key/,
    ],
  ];

  it.each(cases)('%s', (_what, fields, path, rule) => {
    let error: unknown;
    try {
      synthesize({ ...production, ...fields });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(InvalidInput);
    const { problems, message } = error as InvalidInput;
    expect(problems).toContainEqual({
      path,
      value: expect.stringMatching(/^a text of \d+ characters \(hidden\)$/),
      rule: expect.stringMatching(rule),
      fix: expect.stringContaining('replace the secret'),
    });
    for (const secret of [key, token, 'hunter2', 'AKIA', 'q8Zr2LmX0vT5yWc7NbK3']) {
      expect(message).not.toContain(secret);
    }
  });

  it('together with whatever else is wrong', () => {
    try {
      synthesize({ ...production, owner: token, namespace: 'No Name' });
    } catch (error) {
      expect((error as InvalidInput).problems.map(({ path }) => path).sort()).toEqual(['namespace', 'owner']);
      return;
    }
    throw new Error('It was accepted.');
  });

  it('also in the props of a part', () => {
    expect(() => Secrets.externalSecrets({ keyPrefix: key, aws: { region: 'us-east-1', roleArn } })).toThrow(
      /keyPrefix: found a text of \d+ characters \(hidden\)/,
    );
  });

  it.each([
    'openai-api-key',
    'sk-telecom-customer-support',
    'Provider.Key.For.Region.2',
    'task-1234567890123',
  ])('but a name is none: %s', (name) => {
    const { manifests } = synthesize({
      ...production,
      config: { ...reference, providers: providers(name) },
    }).folders[0]!;
    expect(JSON.stringify(only(manifests, 'ExternalSecret'))).toContain(`/${name}"`);
  });
});

it.each([
  [{ aws: { region: 'here', roleArn } }, /aws\.region: found "here"\..*region of AWS/],
  [{ aws: { region: 'us-east-1', roleArn: 'reader' } }, /aws\.roleArn: found "reader"\..*ARN/],
  [
    { vault: { server: 'http://vault.example.org', role: 'r' } },
    /vault\.server: found "http:.*https address/,
  ],
  [
    { vault: { server: 'https://vault.example.org', role: 'r', authPath: '/k8s/' } },
    /vault\.authPath.*mount/,
  ],
  [{ vault: { server: 'https://v.example.org', role: 'r', caCertificate: 'x' } }, /caCertificate.*in PEM/],
  [{}, /\(whole\).*must have one of aws and vault, and has none/],
  [
    { aws: { region: 'us-east-1', roleArn }, vault: { server: 'https://v.example.org', role: 'r' } },
    /must have one of aws and vault, and has both/,
  ],
  [{ keyPrefix: '/llm/', aws: { region: 'us-east-1', roleArn } }, /keyPrefix: found "\/llm\/"/],
  [
    { refreshInterval: Duration.millis(10), aws: { region: 'us-east-1', roleArn } },
    /refreshInterval: found "10 millis".*whole number/,
  ],
])('Secrets.externalSecrets refuses %j', (input, message) => {
  expect(() => Secrets.externalSecrets(input as unknown as ExternalSecretsInput)).toThrow(message);
});

/** `npm run typecheck` fails where both, or none, of two choices would compile. */
export const choices: ExternalSecretsInput[] = [
  { aws: { region: 'us-east-1', roleArn } },
  // @ts-expect-error: none is chosen.
  { keyPrefix: 'llm' },
  // @ts-expect-error: two are chosen.
  { aws: { region: 'us-east-1', roleArn }, vault: { server: 'https://v.example.org', role: 'r' } },
];
