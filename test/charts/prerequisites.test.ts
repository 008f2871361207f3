import { Duration } from 'cdk8s';
import { type AutomaticFailoverInput, type EnvironmentInput, Failover, synthesize } from '../../charts';
import production from '../../charts/config/environments/production';

const { config } = production;
const automatic = (by: AutomaticFailoverInput['by']): AutomaticFailoverInput => ({
  enabled: true,
  autoFailover: true,
  manualApproval: false,
  by,
});
const model = config.models[0]!;

const warningsOf = (fields: Partial<EnvironmentInput>): string =>
  synthesize({ ...production, ...fields }).warnings.join('\n');

function withProvider(baseUrl: string, fields: Partial<EnvironmentInput> = {}): string {
  const providers = [{ name: 'own', kind: 'openai', baseUrl }] as const;
  const models = [{ ...model, targets: [{ provider: 'own', model: 'm' }] }];
  return warningsOf({ network: {}, config: { ...config, providers: [...providers], models }, ...fields });
}

/** One that needs no file of a Secret. */
const withoutFile = config.providers.slice(0, 1).map((provider) => ({ ...provider, caFile: undefined }));

describe('The Secret that others make', () => {
  const existing = { secrets: { existing: 'own-secret' } };

  it('is told with the command that makes it, each key once', () => {
    const providers = config.providers.map((provider) => ({
      ...provider,
      apiKeyFile: 'openai-api-key',
      caFile: undefined,
    }));
    expect(warningsOf({ ...existing, config: { ...config, providers }, namespace: 'blue' })).toContain(
      'kubectl create secret generic own-secret --namespace blue --from-file=openai-api-key --from-file=redis-password --from-file=admin-token\n',
    );
  });

  it('is told also where the configuration names none of its keys', () => {
    const { version, models } = config;
    const plain = { version, providers: withoutFile, models: models.slice(0, 1) };
    expect(warningsOf({ ...existing, config: plain })).toContain('config names none of its keys');
    const { secrets: _none, backup: _copies, ...rest } = production;
    expect(synthesize({ ...rest, config: plain }).warnings.join()).not.toContain('ai-gateway-secrets');
  });

  it('is not told where the configuration names no file that a manager should hold', () => {
    const { version, models } = config;
    const plain = { version, providers: withoutFile, models: models.slice(0, 1) };
    expect(warningsOf({ config: plain })).not.toContain('secrets.externalSecrets');
  });

  it('is told with who reads what, by AWS and by Vault', () => {
    const roleArn = 'arn:aws:iam::999999999999:role/reader';
    const aws = warningsOf({ secrets: { externalSecrets: { aws: { roleArn, takenBy: 'operator' } } } });
    expect(aws).toContain(`${roleArn} must let the operator's pods read them`);
    expect(aws).not.toContain('roleArn: account');
    const vault = { server: 'https://vault.example.com', role: 'reader' };
    expect(warningsOf({ secrets: { externalSecrets: { keyPrefix: 'llm', vault } } })).toMatch(
      /engine secret of https:\/\/vault\.example\.com must hold llm\/model-server-ca, llm\/openai-api-key, .*kubernetes\/us-east-1 and kubernetes\/us-west-2 .*log in as reader/,
    );
  });
});

it('The Secret of whoever is paged is told with its keys, each once', () => {
  const monitoring = production.monitoring!;
  const { alerting, ...silent } = monitoring;
  const page = [...alerting!.page, ...alerting!.page];
  expect(warningsOf({ monitoring: { ...monitoring, alerting: { ...alerting!, page } } })).toContain(
    'kubectl create secret generic ai-gateway-alerting --namespace ai-gateway --from-file=pagerduty-key --from-file=slack-url --from-file=heartbeat-url',
  );
  expect(warningsOf({ monitoring: silent })).not.toContain('ai-gateway-alerting');
});

it('An image with a registry leaves nothing to the node', () => {
  const image = { ...production.image, registry: 'registry.example.com' };
  expect(warningsOf({ image })).not.toContain('default registry');
});

describe('A Redis', () => {
  const store = { kind: 'redis', host: 'redis.blue.svc', port: 6380 } as const;

  it('is named with its port', () => {
    expect(warningsOf({ config: { ...config, store } })).toContain('must answer at redis.blue.svc port 6380');
  });

  it.each([
    [{ ...store, passwordFile: 'p' }, true],
    [{ ...store, passwordFile: 'p', tls: true }, false],
    [store, false],
  ])('of %j has a password in clear: %s', (given, inClear) => {
    expect(warningsOf({ config: { ...config, store: given } }).includes('without TLS')).toBe(inClear);
  });
});

describe('A provider in the cluster', () => {
  it('is told by the port that is opened, which may not be that of its pods', () => {
    expect(withProvider('http://vllm.models.svc/v1')).toContain(
      "provider own opens pod port 80 of namespace models. If the targetPort of its Service is another one, add network.egress: [{ namespace: 'models', port }].",
    );
  });

  it.each([
    ['http://vllm.models.svc/v1', { network: { egress: [{ namespace: 'models', port: 8000 }] } }],
    ['https://api.openai.com/v1', {}],
    ['https://10.1.2.3/v1', {}],
  ])('is not at %s with %j', (baseUrl, fields) => {
    expect(withProvider(baseUrl, fields)).not.toContain('provider own');
  });
});

describe('Failover records', () => {
  const own = { domain: 'corp.net', id: 'Z123' };
  const byRoute53 = (hostedZone: typeof own) => automatic(Failover.route53({ hostedZone }));

  it.each([
    ['llm.corp.example', { domain: 'corp.example', id: 'Z123' }, 'host llm.corp.example stands for your own'],
    ['llm.example.org', { domain: 'example.org', id: 'Z123' }, 'host llm.example.org stands for your own'],
    ['llm.corp.net', { ...own, id: 'ZEXAMPLE' }, 'failover: hosted zone ZEXAMPLE stands for your own'],
  ])('of %s in %j stand for your own', (host, hostedZone, text) => {
    expect(warningsOf({ host, failover: byRoute53(hostedZone) })).toContain(text);
  });

  it('of a domain that somebody owns need only their regional records', () => {
    const warnings = warningsOf({ host: 'llm.corp.net', failover: byRoute53(own) });
    expect(warnings).not.toContain('Replace before applying dist');
    expect(warnings).toContain('us-east-1.llm.corp.net and us-west-2.llm.corp.net');
  });

  it('need nothing where none are written', () => {
    const disabled = { ...automatic(Failover.none()), enabled: false } as const;
    expect(warningsOf({ failover: disabled })).not.toContain('failover:');
  });

  it('of k8gb need the operator, told as the arithmetic takes it to be', () => {
    const by = Failover.k8gb({ route: { kind: 'HTTPRoute', name: 'llm' } });
    const told = warningsOf({ failover: { ...automatic(by), healthCheckInterval: Duration.seconds(7) } });
    expect(told).toMatch(
      /clusterGeoTag, reconcileRequeueSeconds: 7 .* gateway\.example\.com; .* HTTPRoute llm\./,
    );
  });

  it('of somebody else are told what to ask', () => {
    expect(warningsOf({ failover: automatic(Failover.none()) })).toMatch(
      /must ask \/health\/ready of us-east-1\.gateway\.example\.com and us-west-2\.gateway\.example\.com/,
    );
  });
});
