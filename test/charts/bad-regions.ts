import { Duration } from 'cdk8s';
import { Failover } from '../../charts';
import production from '../../charts/config/environments/production';
import type { BadInput } from './bad-input';

const { regions, failover } = production;
const primary = regions['primary']!;
const secondary = regions['secondary']!;

const hostedZone = { domain: 'example.com', id: 'Z123' };
const k8gb = Failover.k8gb({ route: { kind: 'Service', name: 'gateway' } });
const arn = 'arn:aws:route53-recovery-control::123456789012:controlpanel/0a1b/routingcontrol/2c3d';
const approved = { ...failover, autoFailover: false, manualApproval: true };
const controlled = (routingControls: Readonly<Record<string, string>>) =>
  Failover.route53({ hostedZone, routingControls });
const regional = (config: object) => ({ regions: { ...regions, primary: { ...primary, config } } });

export const badRegions: BadInput[] = [
  [
    'more replicas than the maximum',
    { regions: { ...regions, primary: { ...primary, replicas: 21 } } },
    'regions.primary.replicas',
    '21',
    /autoscaling\.maxReplicas \(20\)/,
  ],
  [
    'no replicas',
    { regions: { ...regions, primary: { ...primary, replicas: 0 } } },
    'regions.primary.replicas',
    '0',
    /at least 1/,
  ],
  [
    'a region twice',
    { regions: { ...regions, tertiary: { ...primary, priority: 7 } } },
    'regions.tertiary.region',
    '"us-east-1"',
    /regions\.primary too/,
  ],
  [
    'a priority twice',
    { regions: { ...regions, secondary: { ...regions['secondary'], priority: 100 } } },
    'regions.secondary.priority',
    '100',
    /left to chance/,
  ],
  [
    'a region named global',
    { regions: { ...regions, primary: { ...primary, region: 'global' } } },
    'regions.primary.region',
    '"global"',
    /must not be global/,
  ],
  [
    'a region that climbs out of the folder',
    { regions: { ...regions, primary: { ...primary, region: '../etc' } } },
    'regions.primary.region',
    '"../etc"',
    /lower-case letters/,
  ],
  ['no region', { regions: {} }, 'regions', '{}', /at least one region/],
  [
    'one region with failover',
    { regions: { primary } },
    'failover.enabled',
    'true',
    /nowhere to fail over to/,
  ],
  [
    'an interval of 15 s',
    { failover: { ...failover, healthCheckInterval: Duration.seconds(15) } },
    'failover.healthCheckInterval',
    '"15 seconds"',
    /10 or 30 .* refuse the health check/,
  ],
  [
    'approval without routing controls',
    { failover: { ...failover, autoFailover: false, manualApproval: true } },
    'failover.manualApproval',
    'true',
    /without routing controls: .*unasked/,
  ],
  [
    'approval by k8gb',
    { failover: { ...failover, autoFailover: false, manualApproval: true, by: k8gb } },
    'failover.manualApproval',
    'true',
    /with k8gb: only a routing control/,
  ],
  [
    'failover that is both automatic and approved',
    { failover: { ...failover, manualApproval: true } },
    'failover.autoFailover',
    'true',
    /ask nobody/,
  ],
  [
    'failover that does not fail over',
    { failover: { ...failover, autoFailover: false } },
    'failover.autoFailover',
    'false',
    /nothing ever moves the clients/,
  ],
  [
    'routing controls that nobody turns',
    { failover: { ...failover, by: controlled({ primary: arn, secondary: arn }) } },
    'failover.by.routingControls',
    'arn:aws',
    /autoFailover is true/,
  ],
  [
    'a routing control of an unknown region',
    { failover: { ...approved, by: controlled({ primary: arn, secondary: arn, third: arn }) } },
    'failover.by.routingControls.third',
    'arn:aws',
    /must be a region of the environment \(primary, secondary\)/,
  ],
  [
    'a region without its routing control',
    { failover: { ...approved, by: controlled({ primary: arn }) } },
    'failover.by.routingControls.secondary',
    'nothing',
    /nobody could turn/,
  ],
  [
    'a routing control that is none',
    { failover: { ...approved, by: controlled({ primary: 'arn:aws:s3:::x', secondary: arn }) } },
    'failover.by.routingControls.primary',
    '"arn:aws:s3:::x"',
    /ARN of a routing control/,
  ],
  [
    'failover by nobody',
    { failover: { ...failover, by: undefined } },
    'failover.by',
    'nothing',
    /who moves the clients/,
  ],
  [
    'failover by what is not known',
    { failover: { ...failover, by: { kind: 'carrier-pigeon' } } },
    'failover.by.kind',
    '"carrier-pigeon"',
    /made by Failover/,
  ],
  ['failover of no host', { host: undefined }, 'host', 'nothing', /name that clients keep/],
  [
    'a host outside its zone',
    { host: 'gateway.example.org' },
    'host',
    '"gateway.example.org"',
    /below the zone/,
  ],
  [
    'a host with a scheme',
    { host: 'https://gateway.example.com' },
    'host',
    '"https://gateway.example.com"',
    /without scheme/,
  ],
  [
    'a region checked by the name that fails over',
    { regions: { ...regions, primary: { ...primary, host: 'gateway.example.com' } } },
    'regions.primary.host',
    '"gateway.example.com"',
    /check would follow the record that it decides/,
  ],
  [
    'regions that share a host',
    {
      regions: {
        primary: { ...primary, host: 'llm.example.com' },
        secondary: { ...secondary, host: 'llm.example.com' },
      },
    },
    'regions.secondary.host',
    '"llm.example.com"',
    /regions\.primary too .*answered by the other/,
  ],
  [
    'a host that is what another region is called anyway',
    { regions: { ...regions, secondary: { ...secondary, host: 'us-east-1.gateway.example.com' } } },
    'regions.secondary.host',
    '"us-east-1.gateway.example.com"',
    /regions\.primary too/,
  ],
  [
    'more replicas than the maximum of their own region',
    { regions: { ...regions, primary: { ...primary, maxReplicas: 2 } } },
    'regions.primary.replicas',
    '3',
    /regions\.primary\.maxReplicas \(2\)/,
  ],
  [
    'more zones than there are',
    { regions: { ...regions, primary: { ...primary, zones: 11 } } },
    'regions.primary.zones',
    '11',
    /at most 10/,
  ],
  [
    'a label that every object has already',
    { regions: { ...regions, primary: { ...primary, labels: { owner: 'me' } } } },
    'regions.primary.labels.owner',
    '"me"',
    /already/,
  ],
  [
    'another address for a provider that does not exist',
    regional({ providers: { grok: { baseUrl: 'https://grok.example.net' } } }),
    'regions.primary.config.providers.grok',
    'grok.example.net',
    /provider of config\.providers \(in-cluster, openai\)/,
  ],
  [
    'another address that is none',
    regional({ providers: { openai: { baseUrl: 'somewhere' } } }),
    'regions.primary.config.providers.openai.baseUrl',
    '"somewhere"',
    /absolute http or https URL/,
  ],
  [
    'a memory store in a region of several replicas',
    regional({ store: { kind: 'memory' } }),
    'regions.primary.config.store.kind',
    '"memory"',
    /must not be "memory" where up to 20 replicas/,
  ],
  [
    'another model in one region',
    regional({ models: [] }),
    'regions.primary.config.models',
    '[]',
    /no such field/,
  ],
  [
    'a zone id that is none',
    {
      failover: { ...failover, by: Failover.route53({ hostedZone: { domain: 'example.com', id: 'zone' } }) },
    },
    'failover.by.hostedZone.id',
    '"zone"',
    /capital letters/,
  ],
  [
    'a TTL of 0',
    { failover: { ...failover, by: Failover.route53({ hostedZone, recordTtl: Duration.seconds(0) }) } },
    'failover.by.recordTtl',
    '"0 seconds"',
    /more than 0/,
  ],
  [
    'a TTL of a month',
    { failover: { ...failover, by: Failover.route53({ hostedZone, recordTtl: Duration.days(30) }) } },
    'failover.by.recordTtl',
    '"30 days"',
    /604800 seconds at most/,
  ],
  [
    'a promise of nothing',
    { promises: { requestsPerSecond: 0 } },
    'promises.requestsPerSecond',
    '0',
    /greater|more|above/i,
  ],
  [
    'a pod that is busier than it can be',
    { promises: { requestsPerSecond: 1, capacity: { busyPercent: 101 } } },
    'promises.capacity.busyPercent',
    '101',
    /at most 100/,
  ],
  [
    'a loss of more zones than any region has',
    { promises: { requestsPerSecond: 1, lostZones: 10 } },
    'promises.lostZones',
    '10',
    /at most 9/,
  ],
];
