import { type EnvironmentInput, synthesize } from '../../charts';
import production from '../../charts/config/environments/production';
import { Route53Zone } from '../support/failover/route53';

const host = 'gateway.example.com';
const regions: EnvironmentInput['regions'] = {
  ...production.regions,
  tertiary: { region: 'eu-west-1', replicas: 2, priority: 20 },
  last: { region: 'ap-south-1', replicas: 2, priority: 10 },
};

const zoneOf = (fields: Partial<EnvironmentInput>) => {
  const { folders } = synthesize({ ...production, ...fields });
  return new Route53Zone(folders.find(({ name }) => name === 'global')!.manifests, 'example.com');
};

/** By what Route 53 documents of failover records, aliases and evaluated health. */
describe('The records of four regions', () => {
  const zone = zoneOf({ regions });
  const inOrder = ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-south-1'];
  const subsets = Array.from({ length: 2 ** inOrder.length }, (_, bits) =>
    inOrder.filter((_region, index) => (bits & (1 << index)) !== 0),
  );

  it.each(subsets.map((healthy) => [healthy.join(', ') || 'none', healthy]))(
    'lead to the first that is healthy, of: %s',
    (_text, healthy) => {
      const answer = zone.answer(host, (check) => healthy.some((region) => check.endsWith(region)));
      const first = inOrder.find((region) => healthy.includes(region)) ?? inOrder[0];
      expect(answer).toEqual({ canonicalName: `${first}.${host}`, ttlSeconds: 60 });
    },
  );
});

it('The records of the reference lead to the second region only while the first is down', () => {
  const zone = zoneOf({});
  expect(zone.answer(host, () => true)?.canonicalName).toBe(`us-east-1.${host}`);
  expect(zone.answer(host, (check) => !check.endsWith('us-east-1'))?.canonicalName).toBe(`us-west-2.${host}`);
  expect(zone.answer('other.example.com', () => true)).toBeUndefined();
});
