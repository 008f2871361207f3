import { Duration } from 'cdk8s';
import production from '../../charts/config/environments/production';
import type { BadInput } from './bad-input';

const { regions, failover } = production;
const primary = regions['primary']!;

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
    'three regions with failover',
    { regions: { ...regions, third: { region: 'eu-west-1', replicas: 2, priority: 1 } } },
    'failover.enabled',
    'true',
    /3 regions.*not supported yet/,
  ],
  [
    'an interval that Route 53 does not know',
    { failover: { ...failover, healthCheckInterval: Duration.seconds(15) } },
    'failover.healthCheckInterval',
    '"15 seconds"',
    /10 or 30/,
  ],
  [
    'approval by hand',
    { failover: { ...failover, manualApproval: true } },
    'failover.manualApproval',
    'true',
    /not supported yet/,
  ],
  [
    'failover that does not fail over',
    { failover: { ...failover, autoFailover: false } },
    'failover.autoFailover',
    'false',
    /must be true/,
  ],
  [
    'a host outside its zone',
    { failover: { ...failover, host: 'gateway.example.org' } },
    'failover.host',
    '"gateway.example.org"',
    /below the zone/,
  ],
  [
    'a host with a scheme',
    { failover: { ...failover, host: 'https://gateway.example.com' } },
    'failover.host',
    '"https://gateway.example.com"',
    /without scheme/,
  ],
  [
    'a zone id that is none',
    { failover: { ...failover, hostedZone: { domain: 'example.com', id: 'zone' } } },
    'failover.hostedZone.id',
    '"zone"',
    /capital letters/,
  ],
  [
    'a TTL of 0',
    { failover: { ...failover, recordTtl: Duration.seconds(0) } },
    'failover.recordTtl',
    '"0 seconds"',
    /more than 0/,
  ],
];
