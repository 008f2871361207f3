import type { Monitoring } from '../../config/schema/monitoring';
import type { WorkloadRef } from '../../kit/workload-ref';
import { overview } from './overview';
import type { Dashboard } from './panel';
import { providers } from './providers';
import { saturation } from './saturation';
import { tenants } from './tenants';
import { traffic } from './traffic';

/** All of a gateway, in the order in which one asks. */
export function dashboardsOf(workload: WorkloadRef, { slos }: Pick<Monitoring, 'slos'>): Dashboard[] {
  const { name } = workload;
  return [overview(name, slos), traffic(name), providers(name), tenants(name), saturation(workload)];
}
