import { createHash } from 'node:crypto';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { headers } from '../../contract/headers';
import { GatewayError } from '../core/gateway-error';
import type { RequestContext, Tenant } from '../core/request-context';
import type { RequestStage } from '../core/stage';

const anonymous: Tenant = { name: 'anonymous' };
const bearer = /^Bearer +([\x21-\x7e]+) *$/i;
const maxRemembered = 4096;
const keyIdLength = 8;

/**
 * Finds the tenant of the key that the client sent.
 *
 * The look-up is by the key's hash, so its time tells nothing about how much of a guessed key was right. Keys that were
 * right are remembered, to spare busy clients the hash; a new configuration starts with none, so a removed key ends at once.
 */
export function virtualKeys(config: RuntimeConfig): RequestStage {
  if (config.access === 'anonymous') {
    return (context) => {
      context.tenant = anonymous;
    };
  }
  const tenants = tenantsByHash(config);
  const remembered = new Map<string, Tenant>();
  return (context) => {
    const header = keyHeader(context);
    if (header === undefined) throw new GatewayError('missing_api_key');
    const known = remembered.get(header);
    if (known !== undefined) {
      context.tenant = known;
      return;
    }
    const key = bearer.exec(header)?.[1];
    if (key === undefined) {
      throw new GatewayError('missing_api_key', { detail: 'The header sent is of another form.' });
    }
    const tenant = tenants.get(createHash('sha256').update(key).digest('hex'));
    if (tenant === undefined) throw new GatewayError('invalid_api_key');
    // One key can be written with any number of blanks: the bound is on what is remembered, not on the keys.
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(header, tenant);
    context.tenant = tenant;
  };
}

/** The header with the key, as `Authorization` writes it. */
function keyHeader({ origin, request }: RequestContext): string | undefined {
  const apiKey = origin.dialect === 'anthropic' ? request.headers[headers.apiKey] : undefined;
  return typeof apiKey === 'string' ? `Bearer ${apiKey}` : request.headers[headers.authorization];
}

function tenantsByHash(config: RuntimeConfig): ReadonlyMap<string, Tenant> {
  return new Map(
    config.tenants.flatMap(({ name, keys, models }) => {
      const tenant: Tenant = { name, ...(models !== undefined && { models: new Set(models) }) };
      return keys.map(({ sha256 }) => [sha256, { ...tenant, keyId: sha256.slice(0, keyIdLength) }] as const);
    }),
  );
}
