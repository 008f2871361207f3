import type { RuntimeConfig } from '../../contract/runtime-config';
import type { TenantCertificate } from '../../contract/runtime-config-access';
import type { ClientCertificate } from '../core/client-exchange';
import { GatewayError } from '../core/gateway-error';
import type { Tenant } from '../core/request-context';
import { tenantOf } from './tenant';

const idLength = 8;

type Place = TenantCertificate['by'];

/** Finds the tenant of a client certificate by what it says of its holder. */
export class Certificates {
  readonly #tenants: Readonly<Record<Place, Map<string, Pick<Tenant, 'name' | 'models'>>>> = {
    uri: new Map(),
    'dns-name': new Map(),
    'common-name': new Map(),
    fingerprint: new Map(),
  };

  constructor({ tenants }: Pick<RuntimeConfig, 'tenants'>) {
    for (const tenant of tenants) {
      for (const { by, value } of tenant.certificates) this.#tenants[by].set(value, tenantOf(tenant));
    }
  }

  /** @throws GatewayError where it opens nothing. */
  find(certificate: ClientCertificate | undefined): Tenant {
    if (certificate === undefined) throw refused('None was shown.');
    if (!certificate.isTrusted) throw refused('Its authority is not trusted here, or it has expired.');
    const [tenant, ...others] = this.#matching(certificate);
    if (tenant === undefined) throw refused('It belongs to no tenant.');
    // Whose budget it is must not depend on which name is looked at first.
    if (others.some(({ name }) => name !== tenant.name)) throw refused('It belongs to several tenants.');
    return { ...tenant, identity: 'certificate', keyId: certificate.fingerprint.slice(0, idLength) };
  }

  #matching({ fingerprint, commonName, dnsNames, uris }: ClientCertificate) {
    const at = (place: Place, values: readonly (string | undefined)[]) =>
      values.flatMap((value) => (value === undefined ? [] : (this.#tenants[place].get(value) ?? [])));
    return [
      ...at('fingerprint', [fingerprint]),
      ...at('uri', uris),
      ...at('dns-name', dnsNames),
      ...at('common-name', [commonName]),
    ];
  }
}

function refused(detail: string): GatewayError {
  return new GatewayError('invalid_client_certificate', { detail });
}
