import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { type EnvironmentInput, Failover, Slo, synthesize } from '../../charts';
import production from '../../charts/config/environments/production';
import { defaults } from '../../charts/config/defaults';
import { loadOf } from '../../charts/promises/load';
import { markdownOf } from '../../charts/promises/markdown';
import { replicasForTakeover, takeover } from '../../charts/promises/takeover';
import { replicasToKeep, survivors } from '../../charts/promises/zones';
import { contents, npmRunSynth } from './run-synth';

const checksOf = (fields: Partial<EnvironmentInput>) =>
  synthesize({ ...production, ...fields }).report.checks;
const named = (fields: Partial<EnvironmentInput>, id: string) =>
  checksOf(fields).filter((check) => check.id === id);

describe('The load', () => {
  const promises = {
    requestsPerSecond: 10_000,
    streamDuration: Duration.seconds(5),
    tokensPerSecond: 20,
    lostZones: 1,
    capacity: { requestCpuMicros: 200, chunkCpuMicros: 25, busyPercent: 50 },
  };

  it('is as by hand: 10,000/s x 5 s x 20/s, 2 + 25 cores, half a core of each pod', () => {
    expect(loadOf(promises, Cpu.units(2))).toEqual({
      requestsPerSecond: 10_000,
      openStreams: 50_000,
      chunksPerSecond: 1_000_000,
      cores: 27,
      coresPerPod: 0.5,
      pods: 54,
    });
  });

  it('counts no more than one core of a pod, and less where its limit is less', () => {
    expect(loadOf(promises, Cpu.units(8)).pods).toBe(54);
    expect(loadOf(promises, Cpu.millis(250)).pods).toBe(216);
  });
});

describe('A takeover', () => {
  const needs = { neededPods: 40, maxReplicas: 40, arrivalSeconds: 60 };

  it('is never overloaded by as many pods as the load needs, and always by one alone', () => {
    expect(takeover({ ...needs, minReplicas: 40 })).toEqual({ rampSeconds: 0, overloadSeconds: 0 });
    expect(takeover({ ...needs, minReplicas: 1 }).overloadSeconds).toBeGreaterThan(30);
  });

  it('counts what is refused: half of the load for as long as half of the pods are there', () => {
    // All clients at once, and no pods to be added: 20 of 40, for the 900 s that are counted.
    const never = takeover({ neededPods: 40, maxReplicas: 20, minReplicas: 20, arrivalSeconds: 0 });
    expect(never).toEqual({ rampSeconds: 900, overloadSeconds: 450 });
  });

  it('follows the autoscaler: 2, then 6 after its reaction, 12, 24, 40, each 30 s later', () => {
    const { rampSeconds } = takeover({ ...needs, minReplicas: 2, arrivalSeconds: 0 });
    expect(rampSeconds).toBe(35 + 3 * 30);
  });

  it('needs the fewest pods that are enough, and no fewer', () => {
    const enough = replicasForTakeover(needs);
    expect(takeover({ ...needs, minReplicas: enough }).overloadSeconds).toBe(0);
    expect(takeover({ ...needs, minReplicas: enough - 1 }).overloadSeconds).toBeGreaterThan(0);
  });
});

describe('Zones', () => {
  /** Pods dealt out evenly, the fullest zones lost. */
  const dealt = (replicas: number, zones: number, lostZones: number) =>
    Array.from({ length: zones }, (_, zone) => Math.ceil((replicas - zone) / zones))
      .sort((a, b) => b - a)
      .slice(lostZones)
      .reduce((sum, pods) => sum + pods, 0);

  it.each([1, 2, 3, 4, 5])(
    'of %i leave what an even deal leaves, or nothing where it is only a wish',
    (zones) => {
      for (let replicas = 1; replicas < 40; replicas += 1) {
        for (let lostZones = 1; lostZones < zones; lostZones += 1) {
          const expected = replicas < zones ? 0 : dealt(replicas, zones, lostZones);
          expect(survivors({ replicas, zones, lostZones })).toBe(expected);
        }
      }
    },
  );

  it.each([
    [46, 3, 1],
    [1, 3, 2],
    [100, 7, 3],
  ])('to keep %i pods in %i zones without %i of them: the fewest that do', (needed, zones, lostZones) => {
    const replicas = replicasToKeep(needed, { zones, lostZones })!;
    expect(survivors({ replicas, zones, lostZones })).toBeGreaterThanOrEqual(needed);
    expect(survivors({ replicas: replicas - 1, zones, lostZones })).toBeLessThan(needed);
  });

  it('cannot all be lost', () => {
    expect(replicasToKeep(1, { zones: 1, lostZones: 1 })).toBeUndefined();
  });
});

describe('The reference', () => {
  it('keeps some of its promises, and says of the others what they need', () => {
    expect(checksOf({}).map(({ id, regions, holds, change }) => [id, regions.join(), holds, change])).toEqual(
      [
        ['limits-admit-load', '', true, undefined],
        [
          'load-in-one-region',
          'us-east-1,us-west-2',
          false,
          expect.stringMatching(/^autoscaling\.maxReplicas: \d+$/),
        ],
        ['failover-within-budget', '', true, undefined],
        [
          'takeover-without-overload',
          'us-west-2',
          false,
          expect.stringMatching(/^regions\.secondary\.replicas: \d+$/),
        ],
        ['zone-loss', 'us-east-1', true, undefined],
        ['zone-loss', 'us-west-2', false, 'regions.secondary.replicas: 3'],
        [
          'zone-loss-at-peak',
          'us-east-1,us-west-2',
          false,
          expect.stringMatching(/^autoscaling\.maxReplicas: \d+$/),
        ],
      ],
    );
  });

  it('warns of each that does not hold', () => {
    const { warnings, report } = synthesize(production);
    const told = warnings.filter((warning) => warning.startsWith('promises: '));
    expect(told).toHaveLength(report.checks.filter(({ holds }) => !holds).length);
    expect(told[0]).toMatch(
      /load-in-one-region .* does not hold: 1,000,000 chunks\/s .*It holds with autoscaling/,
    );
  });
});

/** Sets `autoscaling.maxReplicas: 46` and the like, as the report writes them. */
function applied(environment: EnvironmentInput, change: string): EnvironmentInput {
  return change.split(', ').reduce<EnvironmentInput>((changed, part) => {
    const [path = '', value = ''] = part.split(': ');
    const copy = structuredCloneOf(changed);
    const keys = path.split('.');
    const last = keys.pop()!;
    const owner = keys.reduce<Record<string, unknown>>(
      (object, key) => {
        object[key] = { ...(object[key] as object) };
        return object[key] as Record<string, unknown>;
      },
      copy as unknown as Record<string, unknown>,
    );
    owner[last] = Number(value);
    return copy;
  }, environment);
}

/** One level, since unit types have methods that a real clone would lose. */
const structuredCloneOf = (environment: EnvironmentInput): EnvironmentInput => ({ ...environment });

describe('Each change that is told', () => {
  const wider: Partial<EnvironmentInput> = { autoscaling: { maxReplicas: 900 } };
  const { primary, secondary } = production.regions;
  it.each<[string, Partial<EnvironmentInput>]>([
    ['limits-admit-load', { promises: { requestsPerSecond: 12_345.6 } }],
    ['load-in-one-region', {}],
    ['load-in-one-region', { regions: { primary: { ...primary!, maxReplicas: 7 }, secondary: secondary! } }],
    ['takeover-without-overload', wider],
    ['zone-loss', {}],
    ['zone-loss-at-peak', { regions: { primary: { ...primary!, zones: 2 }, secondary: secondary! } }],
  ])('mends %s', (id, fields) => {
    const broken = named(fields, id).filter(({ holds }) => !holds);
    expect(broken.length).toBeGreaterThan(0);
    let environment: EnvironmentInput = { ...production, ...fields };
    for (const { change } of broken) environment = applied(environment, change!);
    expect(named(environment, id).filter(({ holds }) => !holds)).toEqual([]);
  });
});

describe('A lost region', () => {
  const only = { primary: production.regions['primary']! };

  it('cannot be borne by one region, and nothing is said where somebody else moves the clients', () => {
    const { failover: _none, ...rest } = production;
    const [check] = synthesize({ ...rest, regions: only }).report.checks.filter(
      ({ id }) => id === 'failover-within-budget',
    );
    expect(check).toMatchObject({ holds: false, change: expect.stringContaining('a second region') });
    const failover = { ...production.failover!, by: Failover.none() } as EnvironmentInput['failover'];
    expect(named({ failover: failover! }, 'failover-within-budget')).toEqual([]);
  });

  it('is too dear for a high target', () => {
    const monitoring = { slos: [Slo.availability(99.999)] };
    expect(named({ monitoring }, 'failover-within-budget')).toEqual([
      expect.objectContaining({ holds: false, figures: expect.stringContaining('347 % of the budget') }),
    ]);
  });

  it('leaves a person what the TTL does not take', () => {
    const arn = 'arn:aws:route53-recovery-control::123456789012:controlpanel/0a1b/routingcontrol/2c3d';
    const by = Failover.route53({
      hostedZone: { domain: 'example.com', id: 'Z1' },
      routingControls: { primary: arn, secondary: arn },
    });
    const failover = { enabled: true, autoFailover: false, manualApproval: true, by } as const;
    const [check] = named({ failover }, 'failover-within-budget');
    expect(check).toMatchObject({
      holds: true,
      figures: expect.stringContaining('199.2 s are left to be paged'),
    });
  });
});

it('computes nothing of a load that nobody promised', () => {
  const { promises: _none, ...rest } = production;
  const { report, warnings } = synthesize(rest);
  expect(report).toMatchObject({ load: undefined, checks: [] });
  expect(warnings.join()).not.toContain('promises:');
  expect(markdownOf(report)).not.toContain('| promise |');
});

describe('npm run synth', () => {
  it('lays the report beside the folders, as JSON and as a page, and nothing into them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'report-'));
    try {
      const out = join(folder, 'out');
      expect(npmRunSynth(['--out', out]).status).toBe(0);
      const { report } = synthesize(production);
      expect(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))).toEqual(
        JSON.parse(JSON.stringify(report)),
      );
      expect(readFileSync(join(out, 'report.md'), 'utf8')).toBe(markdownOf(report));
      const inFolders = Object.keys(contents(out)).filter((path) => path.includes('/'));
      expect(inFolders.filter((path) => !path.endsWith('.yaml'))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

it('takes what was measured where nothing is said', () => {
  const { load } = synthesize({ ...production, promises: { requestsPerSecond: 1000 } }).report;
  const { requestCpuMicros, chunkCpuMicros, tokensPerSecond, streamDuration } = defaults;
  const chunks = 1000 * streamDuration.toSeconds() * tokensPerSecond;
  expect(load?.cores).toBeCloseTo((1000 * requestCpuMicros + chunks * chunkCpuMicros) / 1e6, 9);
});
