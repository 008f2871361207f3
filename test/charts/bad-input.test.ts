import { Duration } from 'cdk8s';
import { type EnvironmentInput, InvalidInput, synthesize } from '../../charts';
import production from '../../charts/config/environments/production';
import { badConfigs } from './bad-configs';
import { badEntries } from './bad-entries';
import { badBackups } from './bad-backups';
import { badDeliveries } from './bad-deliveries';
import { badGateways } from './bad-gateways';
import type { Wrong } from './bad-input';
import { badRegions } from './bad-regions';

const { regions, config } = production;

function problemsOf(wrong: Wrong) {
  try {
    synthesize({ ...production, ...wrong } as EnvironmentInput, { subject: 'test.ts' });
  } catch (error) {
    if (error instanceof InvalidInput) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

it.each([...badBackups, ...badDeliveries, ...badGateways, ...badConfigs, ...badEntries, ...badRegions])(
  '%s is refused',
  (_what, wrong, path, value, rule) => {
    const { problems, message } = problemsOf(wrong);
    const problem = problems.find((candidate) => candidate.path === path);
    expect({ paths: problems.map((candidate) => candidate.path), problem }).toMatchObject({
      paths: expect.arrayContaining([path]),
      problem: {
        value: expect.stringContaining(value),
        rule: expect.stringMatching(rule),
        fix: expect.stringMatching(/\w/),
      },
    });
    expect(message).toMatch(/^test\.ts is not valid \(\d+ problems?\)\. No manifest is written\.\n/);
  },
);

it('tells everything that is wrong at once, within fields and across them', () => {
  const { problems } = problemsOf({
    surprise: 1,
    resources: { memory: { request: Duration.seconds(3) } },
    regions: { ...regions, secondary: { ...regions['primary'], replicas: 'many' } },
    exceptions: [],
    secrets: undefined,
    backup: undefined,
    config: { ...config, access: 'anonymous' },
  });
  expect(problems.map(({ path }) => path).sort()).toEqual([
    'config.access',
    'config.admin.tokenFile',
    'config.providers[0].caFile',
    'config.providers[1].apiKeyFile',
    'config.store.passwordFile',
    'image.digest',
    'regions.secondary.priority',
    'regions.secondary.region',
    'regions.secondary.replicas',
    'resources.memory.request',
    'surprise',
  ]);
});

it.each([null, 'production', 42, undefined])('%p is refused as an environment', (input) => {
  expect(() => synthesize(input as unknown as EnvironmentInput)).toThrow(/^The environment is not valid/);
});
