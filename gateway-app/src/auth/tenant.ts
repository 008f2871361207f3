import type { RuntimeConfig } from '../../contract/runtime-config';
import type { Tenant } from '../core/request-context';

/** What a tenant is, without how it was told. */
export function tenantOf({
  name,
  models,
}: RuntimeConfig['tenants'][number]): Pick<Tenant, 'name' | 'models'> {
  return { name, ...(models !== undefined && { models: new Set(models) }) };
}
