import { z } from 'zod';
import { caFile } from './secret-file';
import { rule } from './validate';

/** Asymmetric ones alone: with a symmetric one, whoever can check a token can also make one. */
export const tokenAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

const jwks = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: 'must be an absolute http or https URL' })
      .refine(
        (text) => !/^[^?#]*\/\/[^/]*@/.test(text),
        rule(
          'must not hold credentials: the configuration is readable by many',
          'remove them; the keys are public',
        ),
      )
      .describe('Where the issuer publishes its public keys. Production mode takes https alone.'),
    caFile,
    refreshSeconds: z
      .int()
      .min(30)
      .max(86_400)
      .default(600)
      .describe('Age in seconds from which on the keys are fetched anew. Default 600.'),
    keepSeconds: z
      .int()
      .min(60)
      .max(604_800)
      .default(14_400)
      .describe(
        'How long in seconds the last keys are used while new ones cannot be fetched. Default 14400 (4 h). Then tokens of this issuer are answered 503.',
      ),
  })
  .describe('The public keys of the issuer (JSON Web Key Set).');

const keysMethod = z
  .strictObject({ kind: z.literal('keys') })
  .describe('A key of a tenant: `tenants[].keys`.');

const jwtMethod = z
  .strictObject({
    kind: z.literal('jwt'),
    issuer: z.string().min(1).max(512).describe('What the claim `iss` must be, character by character.'),
    audiences: z
      .array(z.string().min(1).max(512))
      .min(1)
      .max(16)
      .describe('One of them must be in the claim `aud`: a token for another service opens nothing here.'),
    algorithms: z
      .array(z.enum(tokenAlgorithms))
      .min(1)
      .max(tokenAlgorithms.length)
      .describe('Algorithms of the signature that are taken. What the token itself says is not asked.'),
    tenantClaim: z
      .string()
      .min(1)
      .max(256)
      .default('sub')
      .describe(
        'Claim that tells the tenant by `tenants[].tokens[].value`: a text, or a list of texts. Default `sub`.',
      ),
    clockSkewSeconds: z
      .int()
      .min(0)
      .max(300)
      .default(30)
      .describe('How far the clocks of issuer and gateway may differ, in seconds. Default 30.'),
    jwks,
  })
  .describe('A signed token (JWT) of an issuer: `tenants[].tokens`.');

const certificateMethod = z
  .strictObject({ kind: z.literal('client-certificates') })
  .describe('A client certificate: `tenants[].certificates`. Needs `tls.clientCaFile`.');

const accessMethod = z.discriminatedUnion('kind', [keysMethod, jwtMethod, certificateMethod], {
  error: 'must have a `kind` of "keys", "jwt" or "client-certificates"',
});

const accessWords = ['keys', 'anonymous'] as const;

/** How a request tells whose it is. */
export const access = z
  .union([z.enum(accessWords), z.array(accessMethod).min(1).max(10)], {
    error: `must be ${accessWords.map((word) => `"${word}"`).join(', ')} or a list of methods`,
  })
  .default('keys')
  .describe(
    '`keys` (default): a request needs a key of a tenant. A list: it needs one of these. `anonymous`: anybody may ask; development mode only.',
  );

/** What a tenant's tokens have in the issuer's `tenantClaim`. */
export const tenantToken = z.strictObject({
  issuer: z.string().describe('The `issuer` of an access method of kind `jwt`.'),
  value: z.string().min(1).max(512).describe('What the `tenantClaim` holds, character by character.'),
});

const certificateText = z.string().min(1).max(512);

/** What tells a tenant's client certificates. Only one that `tls.clientCaFile` has signed is looked at. */
export const tenantCertificate = z.discriminatedUnion(
  'by',
  [
    z.strictObject({
      by: z.literal('uri'),
      value: certificateText.describe('A URI among its alternative names, e.g. spiffe://example.com/search.'),
    }),
    z.strictObject({
      by: z.literal('dns-name'),
      value: certificateText.describe('A DNS name among its alternative names. No wildcards.'),
    }),
    z.strictObject({
      by: z.literal('common-name'),
      value: certificateText.describe('The common name of its subject.'),
    }),
    z.strictObject({
      by: z.literal('fingerprint'),
      value: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 fingerprint: 64 lower-case hexadecimal digits')
        .describe('SHA-256 of the certificate, in lower-case hexadecimal without colons.'),
    }),
  ],
  { error: 'must have a `by` of "uri", "dns-name", "common-name" or "fingerprint"' },
);

export type AccessMethod = z.output<typeof accessMethod>;
export type JwtMethod = Extract<AccessMethod, { kind: 'jwt' }>;
export type JwksConfig = JwtMethod['jwks'];
export type TenantCertificate = z.output<typeof tenantCertificate>;

/** The methods that a configuration takes; none where anybody may ask. */
export function accessMethods(configured: z.output<typeof access>): readonly AccessMethod[] {
  if (typeof configured !== 'string') return configured;
  return configured === 'keys' ? [{ kind: 'keys' }] : [];
}

/** Those of kind `jwt`, with their place for messages. */
export function jwtMethods(
  configured: z.output<typeof access>,
): { readonly method: JwtMethod; readonly path: readonly (string | number)[] }[] {
  return accessMethods(configured).flatMap((method, index) =>
    method.kind === 'jwt' ? [{ method, path: ['access', index] }] : [],
  );
}
