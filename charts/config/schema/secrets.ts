import { z } from 'zod';
import { report } from '../../../gateway-app/contract/validate';
import { defaults } from '../defaults';
import { dnsLabel, pattern } from './scalars';
import { wholeSeconds } from './unit-types';

const settings = {
  keyPrefix: pattern(
    /^[A-Za-z0-9_+=.@-]+(\/[A-Za-z0-9_+=.@-]+)*$/,
    'must be words with slashes between them, in letters, digits and _+=.@-',
    'write it like production/ai-gateway',
  ).optional(),
  refreshInterval: wholeSeconds().default(defaults.secretRefreshInterval),
};

const regionalAws = z.strictObject({
  roleArn: pattern(
    /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
    'must be the ARN of an IAM role',
    'write it like arn:aws:iam::123456789012:role/ai-gateway-secrets',
  ),
  takenBy: z.enum(['service-account', 'operator']).default(defaults.roleTakenBy),
});

export const awsRegion = /^[a-z]{2}(-[a-z]+)+-\d$/;

const aws = regionalAws.extend({
  region: pattern(awsRegion, 'must be a region of AWS', 'write it like us-east-1'),
});

const mount = (fallback: string) =>
  pattern(
    /^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/,
    'must be the path of a mount, without a slash at its ends',
    `write it like ${fallback}`,
  ).default(fallback);

const vault = z.strictObject({
  server: pattern(
    /^https:\/\/[^\s/?#@]+$/,
    'must be an https address without a path, since secrets cross the network',
    'write it like https://vault.example.com:8200',
  ),
  role: pattern(/^[\w.-]{1,256}$/, 'must be the name of a role', 'write it like ai-gateway'),
  path: mount(defaults.vaultPath),
  authPath: mount(defaults.vaultAuthPath),
  caCertificate: pattern(
    /^-----BEGIN CERTIFICATE-----\n[\s\S]+-----END CERTIFICATE-----\n?$/,
    'must be a certificate in PEM',
    'paste the file of the authority as it is',
  ).optional(),
});

export const externalSecrets = oneOf(['aws', 'vault'], {
  ...settings,
  aws: aws.optional(),
  vault: vault.optional(),
});

export const existingSecret = dnsLabel();

/** Of a consumer, whose Secret lives beside its own workload. */
export const consumerKey = oneOf(['existing', 'externalSecrets'], {
  existing: existingSecret.optional(),
  externalSecrets: externalSecrets.optional(),
});

/** Of an environment, where each region fills in what differs. */
export const secrets = oneOf(['existing', 'externalSecrets'], {
  existing: existingSecret.optional(),
  externalSecrets: oneOf(['aws', 'vault'], {
    ...settings,
    aws: regionalAws.optional(),
    vault: vault.optional(),
  }).optional(),
});

/** A union would say of a wrong field only that neither choice fits. */
function oneOf<Shape extends z.ZodRawShape>(choices: readonly string[], shape: Shape) {
  return z.strictObject(shape).superRefine((value, ctx) => {
    const chosen = choices.filter(
      (choice) => (value as Readonly<Record<string, unknown>>)[choice] !== undefined,
    );
    if (chosen.length === 1) return;
    report(ctx, {
      path: [],
      rule: `must have one of ${choices.join(' and ')}, and has ${chosen.length === 0 ? 'none' : 'both'}`,
      fix: chosen.length === 0 ? 'add the one that is meant' : 'keep the one that is meant',
    });
  });
}

/** Of one cluster. */
export type ExternalSecrets = z.output<typeof externalSecrets>;
export type SecretsSource = z.output<typeof secrets>;
