import { Duration } from 'cdk8s';
import {
  type ApprovedRoute53,
  type AutomaticRoute53,
  type EnvironmentInput,
  Failover,
  type FailoverInput,
  type Manifest,
  synthesize,
} from '../../charts';
import production from '../../charts/config/environments/production';
import { at, nameOf, only } from './gateway-chart';

const hostedZone = { domain: 'example.com', id: 'Z0123456789EXAMPLE' };
const three = {
  ...production.regions,
  tertiary: { region: 'eu-west-1', replicas: 2, priority: 1 },
};
const four = { ...three, last: { region: 'eu-north-1', replicas: 2, priority: 0 } };

const arn = (control: string) =>
  `arn:aws:route53-recovery-control::123456789012:controlpanel/0a1b/routingcontrol/${control}`;

const automatic = (by: AutomaticRoute53 | ReturnType<typeof Failover.k8gb>): FailoverInput => ({
  enabled: true,
  autoFailover: true,
  manualApproval: false,
  by,
});

function globalOf(fields: Partial<EnvironmentInput>): readonly Manifest[] {
  const { folders } = synthesize({ ...production, ...fields });
  return folders.find(({ name }) => name === 'global')?.manifests ?? [];
}

const recordsOf = (manifests: readonly Manifest[]) => manifests.filter(({ kind }) => kind === 'RecordSet');

describe('Failover.route53 with more regions than a name has records', () => {
  const global = globalOf({ regions: four });

  it('nests names, each with one primary and one secondary', () => {
    const names = new Map<unknown, unknown[]>();
    for (const record of recordsOf(global)) {
      const name = at(record, 'spec', 'name');
      names.set(name, [...(names.get(name) ?? []), at(record, 'spec', 'failover')].sort());
    }
    expect([...names]).toEqual([
      ['gateway', ['PRIMARY', 'SECONDARY']],
      ['fallback-1.gateway', ['PRIMARY', 'SECONDARY']],
      ['fallback-2.gateway', ['PRIMARY', 'SECONDARY']],
    ]);
  });

  it('leads from region to region in the order of their priorities', () => {
    const zone = `.${hostedZone.domain}`;
    const path: unknown[] = [];
    for (let name: unknown = 'gateway'; name !== undefined;) {
      const here = recordsOf(global).filter((record) => at(record, 'spec', 'name') === name);
      const primary = here.find((record) => at(record, 'spec', 'failover') === 'PRIMARY')!;
      const secondary = here.find((record) => at(record, 'spec', 'failover') === 'SECONDARY')!;
      path.push(at(primary, 'spec', 'setIdentifier'));
      const alias = at(secondary, 'spec', 'aliasTarget') as { dnsName: string } | undefined;
      if (alias === undefined) path.push(at(secondary, 'spec', 'setIdentifier'));
      name = alias?.dnsName.slice(0, -zone.length);
    }
    expect(path).toEqual(['us-east-1', 'us-west-2', 'eu-west-1', 'eu-north-1']);
  });

  it('asks the health of what an alias leads to, and of nothing else', () => {
    expect(only(global, 'RecordSet', 'ai-gateway-fallback-1')).toMatchObject({
      spec: {
        recordType: 'CNAME',
        setIdentifier: 'fallback-1',
        aliasTarget: {
          dnsName: 'fallback-1.gateway.example.com',
          hostedZoneID: hostedZone.id,
          evaluateTargetHealth: true,
        },
      },
    });
    const aliases = recordsOf(global).filter((record) => at(record, 'spec', 'aliasTarget') !== undefined);
    for (const alias of aliases) {
      // An alias takes the TTL of its target, and the API refuses one beside it.
      expect(at(alias, 'spec')).not.toHaveProperty('ttl');
      expect(at(alias, 'spec')).not.toHaveProperty('healthCheckRef');
    }
    expect(aliases).toHaveLength(2);
  });

  it('has no alias where two regions are all', () => {
    expect(JSON.stringify(globalOf({}))).not.toContain('aliasTarget');
  });
});

describe('Approval by a person', () => {
  const routingControls = { primary: arn('a1'), secondary: arn('b2') };
  const failover: FailoverInput = {
    enabled: true,
    autoFailover: false,
    manualApproval: true,
    by: Failover.route53({ hostedZone, routingControls }),
  };

  it('asks routing controls, and no endpoint whose health would move traffic unasked', () => {
    const checks = globalOf({ failover }).filter(({ kind }) => kind === 'HealthCheck');
    expect(checks.map((check) => [nameOf(check), at(check, 'spec', 'healthCheckConfig')])).toEqual([
      ['ai-gateway-us-east-1', { type: 'RECOVERY_CONTROL', routingControlARN: arn('a1') }],
      ['ai-gateway-us-west-2', { type: 'RECOVERY_CONTROL', routingControlARN: arn('b2') }],
    ]);
  });

  it('does not compile with a health check or with k8gb', () => {
    const by: ApprovedRoute53 = Failover.route53({ hostedZone, routingControls });
    const both: FailoverInput[] = [
      // @ts-expect-error An approval needs routing controls.
      { ...failover, by: Failover.route53({ hostedZone }) },
      // @ts-expect-error k8gb asks nobody.
      { ...failover, by: Failover.k8gb({ route: { kind: 'Service', name: 'gateway' } }) },
      // @ts-expect-error One of the two.
      { ...failover, autoFailover: true, by },
      // @ts-expect-error Nothing would move the clients.
      { ...failover, manualApproval: false, by },
    ];
    for (const wrong of both) expect(() => globalOf({ failover: wrong })).toThrow(/failover\.\w+.*found/);
  });
});

describe('Failover.k8gb', () => {
  it.each([
    ['HTTPRoute', 'gateway.networking.k8s.io/v1', undefined],
    ['VirtualService', 'networking.istio.io/v1', undefined],
    ['Ingress', 'networking.k8s.io/v1', undefined],
    ['Service', 'v1', { 'k8gb.io/hostname': 'gateway.example.com' }],
  ] as const)(
    'refers to a %s in every region, and writes nothing global',
    (kind, apiVersion, annotations) => {
      const by = Failover.k8gb({ route: { kind, name: 'llm' }, recordTtl: Duration.seconds(25) });
      const { folders } = synthesize({ ...production, failover: automatic(by) });
      expect(folders.map(({ name }) => name)).toEqual(['us-east-1', 'us-west-2']);
      for (const { manifests } of folders) {
        const gslb = only(manifests, 'Gslb');
        expect(gslb).toMatchObject({ apiVersion: 'k8gb.io/v1beta1', metadata: { namespace: 'ai-gateway' } });
        expect(at(gslb, 'metadata', 'annotations')).toEqual(annotations);
        expect(at(gslb, 'spec')).toEqual({
          resourceRef: { apiVersion, kind, name: 'llm' },
          strategy: { type: 'failover', primaryGeoTag: 'us-east-1', dnsTtlSeconds: 25 },
        });
      }
    },
  );

  it('takes any interval, since it is a setting of the operator', () => {
    const by = Failover.k8gb({ route: { kind: 'HTTPRoute', name: 'llm' } });
    const failover = { ...automatic(by), healthCheckInterval: Duration.seconds(15) };
    expect(() => synthesize({ ...production, failover })).not.toThrow();
  });
});

it('Failover.none writes nothing', () => {
  const failover = { enabled: true, autoFailover: true, manualApproval: false, by: Failover.none() } as const;
  expect(globalOf({ failover })).toEqual([]);
});

it('a host of its own is what is checked and where the record leads', () => {
  const { primary } = production.regions;
  const regions = { ...production.regions, primary: { ...primary!, host: 'east.llm.example.net' } };
  const global = globalOf({ regions });
  expect(only(global, 'HealthCheck', 'ai-gateway-us-east-1')).toMatchObject({
    spec: { healthCheckConfig: { fullyQualifiedDomainName: 'east.llm.example.net' } },
  });
  expect(only(global, 'RecordSet', 'ai-gateway-us-east-1')).toMatchObject({
    spec: { resourceRecords: [{ value: 'east.llm.example.net' }] },
  });
});
