import { z } from 'zod';
import { report, rule } from '../../../gateway-app/contract/validate';
import { defaults } from '../defaults';
import { cron, longestWaitDays } from './cron';
import { rightFields, whenever } from './right-fields';
import { dnsLabel, pattern } from './scalars';
import { wholeSeconds } from './unit-types';

const bucket = z.strictObject({
  name: pattern(
    /^(?!xn--|sthree-)(?=.{3,63}$)[a-z0-9]([a-z0-9-]*[a-z0-9])$/,
    'must be 3 to 63 lower-case letters, digits and inner hyphens: with a dot in it, the certificate of S3 would not match',
    'write it like example-gateway-copies-us-west-2',
  ),
  region: dnsLabel(),
});

const roleArn = pattern(
  /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  'must be the ARN of a role',
  'write it like arn:aws:iam::123456789012:role/gateway-backup',
);

/** An address without credentials: those of a URL would stand in the manifest. */
function address(what: string, like: string, test: (url: URL) => boolean) {
  return z.string().refine(
    (text) => {
      if (!URL.canParse(text)) return false;
      const url = new URL(text);
      const isHttp = url.protocol === 'https:' || url.protocol === 'http:';
      return isHttp && url.username === '' && url.password === '' && url.hash === '' && test(url);
    },
    rule(`must be ${what}, and hold no user or password`, `write it like ${like}`),
  );
}

const origin = (like: string) =>
  address(
    'an http or https address without a path',
    like,
    ({ pathname, search }) => pathname === '/' && search === '',
  );

const secretName = dnsLabel();
const secretKey = z.strictObject({
  secret: secretName,
  key: pattern(/^[-._a-zA-Z0-9]{1,253}$/, 'must be the key of a Secret', 'copy it from the Secret'),
});

const msPerHour = 3_600_000;
const hoursPerDay = 24;

const objects = z
  .strictObject({
    schedule: cron.default(defaults.objectBackupSchedule),
    retention: wholeSeconds({
      holds: (value) => value.toMilliseconds() % msPerHour === 0,
      rule: 'must be whole hours',
      fix: 'round it',
    }).default(defaults.objectBackupRetention),
    namespace: dnsLabel().default(defaults.veleroNamespace),
  })
  .superRefine(({ schedule, retention }, ctx) => {
    const { shaped, right } = rightFields(ctx);
    if (!shaped('') || !right('schedule') || !right('retention')) return;
    const days = longestWaitDays(schedule) ?? 0;
    // A day more: the last backup must be there until the next one is complete.
    if (retention.toMilliseconds() >= (days + 1) * hoursPerDay * msPerHour) return;
    report(ctx, {
      path: ['retention'],
      rule: `must be ${days + 1} days or more with the schedule ${schedule}, or there would be times without any backup`,
      fix: 'keep backups for longer, or make them more often',
    });
  }, whenever);

const interval = wholeSeconds().default(defaults.secretBackupInterval);
const secrets = z.union(
  [z.strictObject({ roleArn, interval }), z.strictObject({ clusterSecretStore: dnsLabel(), interval })],
  { error: 'must be { roleArn } or { clusterSecretStore }' },
);

const metrics = z.strictObject({
  url: address('an http or https address', 'https://metrics.example.com/api/v1/write', () => true),
  bearerToken: secretKey.optional(),
});

const logs = z.strictObject({
  to: z.union(
    [
      z.strictObject({
        loki: z.strictObject({
          url: origin('http://loki-gateway.loki.svc'),
          tenant: pattern(
            /^[\w!.*'()-]{1,150}$/,
            'must be a tenant of Loki',
            'write it like team-a',
          ).optional(),
        }),
      }),
      z.strictObject({
        elasticsearch: z.strictObject({
          url: origin('https://logs.example.com:9200'),
          apiKey: secretKey.optional(),
        }),
      }),
    ],
    { error: 'must be { loki: { url } } or { elasticsearch: { url } }' },
  ),
  roleArn,
  image: pattern(
    /^[a-z0-9.-]+(:\d+)?\/[a-z0-9._/-]+:[\w.-]+(@sha256:[0-9a-f]{64})?$/,
    'must be an image with its registry and tag',
    'write it like registry.example.com/otel/opentelemetry-collector-contrib:0.155.0',
  ).default(defaults.collectorImage),
});

export const backup = z
  .strictObject({
    buckets: z.array(bucket).readonly(),
    objects: objects.optional(),
    secrets: secrets.optional(),
    metrics: metrics.optional(),
    logs: logs.optional(),
  })
  .superRefine(({ buckets }, ctx) => {
    if (!rightFields(ctx).shaped('buckets')) return;
    buckets.forEach((entry, index) => {
      if (buckets.findIndex(({ name }) => name === entry.name) === index) return;
      report(ctx, {
        path: ['buckets', index, 'name'],
        rule: 'is that of an earlier bucket too: a name exists once in the world',
        fix: 'keep one of the two',
      });
    });
  }, whenever);

export type Backup = z.output<typeof backup>;
export type Bucket = z.output<typeof bucket>;
export type ObjectBackup = z.output<typeof objects>;
export type SecretBackup = z.output<typeof secrets>;
export type MetricsBackup = z.output<typeof metrics>;
export type LogExport = z.output<typeof logs>;

/** Where the log collector lives: it reads the node's files, which no pod beside the gateway may. */
export function logsNamespace(namespace: string): string {
  return `${namespace}-logs`;
}

/** Where the copies of a region go: to the first bucket outside it. */
export function bucketFor({ buckets }: Pick<Backup, 'buckets'>, region: string): Bucket | undefined {
  return buckets.find((candidate) => candidate.region !== region);
}

/** What puts something into a bucket, by the name of its field. */
export function usersOfBuckets({ objects, secrets, logs }: Backup): string[] {
  const toAws = secrets !== undefined && 'roleArn' in secrets ? ['secrets'] : [];
  return [...(objects === undefined ? [] : ['objects']), ...toAws, ...(logs === undefined ? [] : ['logs'])];
}
