import { Duration } from 'cdk8s';
import production from '../../charts/config/environments/production';
import type { BadInput } from './bad-input';

const { backup, ...rest } = production;
const { buckets, objects, logs, metrics } = backup!;
const withObjects = (changes: object) => ({ backup: { ...backup, objects: { ...objects, ...changes } } });
const withBucket = (changes: object) => ({
  backup: { ...backup, buckets: [{ ...buckets[0]!, ...changes }] },
});
const withLogs = (changes: object) => ({ backup: { ...backup, logs: { ...logs, ...changes } } });
const cron = (schedule: string) => withObjects({ schedule });

export const badBackups: BadInput[] = [
  ...(
    [
      ['four fields of cron', '17 * * *', /five fields/],
      ['a minute that no hour has', '60 * * * *', /minute that is no number from 0 to 59/],
      ['an hour that no day has', '0 24 * * *', /hour that is no number from 0 to 23/],
      ['the day 0', '0 0 0 * *', /day of month/],
      ['the month 13', '0 0 1 13 *', /has a month/],
      ['a range that ends before it begins', '0 5-3 * * *', /has a hour/],
      ['a step of 0', '*/0 * * * *', /has a minute/],
      ['the name of a day', '0 0 * * MON', /day of week/],
      ['a word for a schedule', '@daily', /five fields/],
      ['a day that never comes', '0 0 31 2,4 *', /day that does not exist/],
    ] as const
  ).map(([what, schedule, rule]): BadInput => [
    `a backup at ${what}`,
    cron(schedule),
    'backup.objects.schedule',
    `"${schedule}"`,
    rule,
  ]),
  [
    'backups kept for less time than lies between two of them',
    withObjects({ schedule: '0 3 * * 1', retention: Duration.days(7) }),
    'backup.objects.retention',
    '"7 days"',
    /8 days or more/,
  ],
  [
    'a retention of part of an hour',
    withObjects({ retention: Duration.minutes(50_000) }),
    'backup.objects.retention',
    '"34 days',
    /whole hours/,
  ],
  [
    'a bucket in capitals',
    withBucket({ name: 'Copies' }),
    'backup.buckets[0].name',
    '"Copies"',
    /3 to 63 lower-case/,
  ],
  ['a bucket with a dot', withBucket({ name: 'a.b.c' }), 'backup.buckets[0].name', '"a.b.c"', /certificate/],
  ['a bucket of two letters', withBucket({ name: 'ab' }), 'backup.buckets[0].name', '"ab"', /3 to 63/],
  [
    'one bucket twice',
    { backup: { ...backup, buckets: [buckets[0], { ...buckets[1], name: buckets[0]!.name }] } },
    'backup.buckets[1].name',
    `"${buckets[0]!.name}"`,
    /earlier bucket/,
  ],
  [
    'a region whose only bucket is its own',
    withBucket({ region: 'us-east-1' }),
    'backup.buckets',
    'us-east-1',
    /outside us-east-1 for its objects, secrets, logs.*lost with it/,
  ],
  [
    'a role that is none',
    withLogs({ roleArn: 'gateway-backup' }),
    'backup.logs.roleArn',
    '"gateway-backup"',
    /ARN of a role/,
  ],
  [
    'two places to search logs in',
    withLogs({ to: { loki: { url: 'http://loki.loki.svc' }, elasticsearch: { url: 'http://es.es.svc' } } }),
    'backup.logs.to',
    'loki',
    /\{ loki: \{ url \} \} or \{ elasticsearch/,
  ],
  ...(
    [
      ['with a path', 'http://loki.loki.svc/loki/api/v1/push'],
      ['with a password', 'https://me:secret@logs.example.org'],
      ['of another protocol', 'grpc://loki.loki.svc'],
    ] as const
  ).map(([what, url]): BadInput => [
    `a Loki ${what}`,
    withLogs({ to: { loki: { url } } }),
    'backup.logs.to.loki.url',
    url.includes('@') ? 'hidden' : url,
    url.includes('@') ? /URL with a password/ : /without a path/,
  ]),
  [
    'an image without a registry for the collector',
    withLogs({ image: 'collector:1' }),
    'backup.logs.image',
    '"collector:1"',
    /registry and tag/,
  ],
  [
    'a password in the address of remote write',
    { backup: { ...backup, metrics: { ...metrics, url: 'https://me:pw@metrics.example.org/write' } } },
    'backup.metrics.url',
    'hidden',
    /URL with a password/,
  ],
  [
    'a copy of secrets to two places',
    {
      backup: {
        ...backup,
        secrets: { roleArn: 'arn:aws:iam::123456789012:role/a', clusterSecretStore: 'b' },
      },
    },
    'backup.secrets',
    'clusterSecretStore',
    /\{ roleArn \} or \{ clusterSecretStore \}/,
  ],
  [
    'a copy of secrets that there are not',
    { ...rest, backup, secrets: undefined },
    'backup.secrets',
    'roleArn',
    /none to copy/,
  ],
];
