import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import type { RuntimeConfig } from '../../../contract/runtime-config';
import type { JwtMethod } from '../../../contract/runtime-config-access';
import { GatewayError } from '../../core/gateway-error';
import type { Tenant } from '../../core/request-context';
import type { Recognized } from '../remembered';
import { tenantOf } from '../tenant';
import { KeysUnavailable, type Jwks } from './jwks';

/** Of the subject, in the audit. */
const maxSubjectLength = 128;
const compactForm = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** One issuer whose tokens are taken. */
interface Issuer {
  readonly method: JwtMethod;
  readonly jwks: Jwks;
  readonly tenants: ReadonlyMap<string, Pick<Tenant, 'name' | 'models'>>;
}

/** Finds the tenant of a signed token (RFC 7519). */
export class Tokens {
  readonly #issuers: ReadonlyMap<string, Issuer>;

  constructor({ tenants }: Pick<RuntimeConfig, 'tenants'>, sources: ReadonlyMap<JwtMethod, Jwks>) {
    this.#issuers = new Map(
      [...sources].map(([method, jwks]) => [
        method.issuer,
        {
          method,
          jwks,
          tenants: new Map(
            tenants.flatMap((tenant) =>
              tenant.tokens
                .filter(({ issuer }) => issuer === method.issuer)
                .map(({ value }) => [value, tenantOf(tenant)]),
            ),
          ),
        },
      ]),
    );
  }

  /** Three parts in base64url: no key that `npm run key` makes has a dot. */
  static looksLikeOne(credential: string): boolean {
    return compactForm.test(credential);
  }

  /** @throws GatewayError where it opens nothing. */
  async find(token: string): Promise<Recognized> {
    const issuer = this.#issuers.get(claimedIssuer(token) ?? '');
    if (issuer === undefined) throw refused('Its issuer is not known here.');
    const { method, jwks } = issuer;
    // Asked before: keys that change meanwhile may no longer have the one that was right.
    const keys = jwks.usable;
    const payload = await verified(token, issuer);
    const tenant = { ...tenantIn(payload, issuer), identity: 'token' as const, ...subjectOf(payload) };
    const endsMs = ((payload.exp ?? 0) + method.clockSkewSeconds) * 1_000;
    // A key that the issuer withdraws takes its tokens with it, also those that were right before.
    return { tenant, holds: () => keys !== undefined && jwks.usable === keys && Date.now() < endsMs };
  }
}

async function verified(token: string, { method, jwks }: Issuer): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, jwks.find, {
      issuer: method.issuer,
      audience: method.audiences,
      algorithms: method.algorithms,
      clockTolerance: method.clockSkewSeconds,
      requiredClaims: ['exp'],
    });
    return payload;
  } catch (error) {
    if (error instanceof KeysUnavailable) throw new GatewayError('identity_unavailable', { cause: error });
    // Whatever else it is: the token is the client's, and no form of it may count as a fault of ours.
    throw refused(reasonOf(error), error);
  }
}

/** Not believed, only used to choose who must have signed it. */
function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

function tenantIn(payload: JWTPayload, { method, tenants }: Issuer): Pick<Tenant, 'name' | 'models'> {
  const claim = Object.hasOwn(payload, method.tenantClaim) ? payload[method.tenantClaim] : undefined;
  const values = new Set<unknown>(Array.isArray(claim) ? claim : [claim]);
  const found = [...tenants].filter(([value]) => values.has(value)).map(([, tenant]) => tenant);
  const [tenant, ...others] = found;
  if (tenant === undefined) throw refused('It belongs to no tenant.');
  // Whose budget it is must not depend on the order of a list.
  if (others.some(({ name }) => name !== tenant.name)) throw refused('It belongs to several tenants.');
  return tenant;
}

function subjectOf({ sub }: JWTPayload): { subject?: string } {
  return typeof sub === 'string' ? { subject: sub.slice(0, maxSubjectLength) } : {};
}

function refused(detail: string, cause?: unknown): GatewayError {
  return new GatewayError('invalid_token', { detail, cause });
}

/** What the client may know. Claims are looked at after the signature, so a forger learns nothing of them. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'It has expired.';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'Its algorithm is not taken here.';
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'Its form or signature is wrong.';
  const { claim, reason } = error;
  if (reason === 'missing') return `It lacks the claim "${claim}".`;
  return claim === 'nbf' ? 'It is not valid yet.' : `Its claim "${claim}" is not what it must be here.`;
}
