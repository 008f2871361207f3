import { createHash } from 'node:crypto';
import type { RuntimeConfig } from '../../contract/runtime-config';
import type { Tenant } from '../core/request-context';
import { tenantOf } from './tenant';

const keyIdLength = 8;

/**
 * The keys of the tenants. The look-up is by the key's hash, so its time tells nothing about how much of a guessed key
 * was right.
 */
export class Keys {
  readonly #tenants: ReadonlyMap<string, Tenant>;

  constructor({ tenants }: Pick<RuntimeConfig, 'tenants'>) {
    this.#tenants = new Map(
      tenants.flatMap((tenant) =>
        tenant.keys.map(({ sha256 }) => [
          sha256,
          { ...tenantOf(tenant), identity: 'key', keyId: sha256.slice(0, keyIdLength) },
        ]),
      ),
    );
  }

  find(key: string): Tenant | undefined {
    return this.#tenants.get(createHash('sha256').update(key).digest('hex'));
  }
}
