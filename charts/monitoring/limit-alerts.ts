import { Duration } from 'cdk8s';
import { metrics } from '../../gateway-app/contract/metrics';
import { above, count, equal, latest, seriesOf, sumOfIncreases } from '../kit/promql';
import type { WorkloadRef } from '../kit/workload-ref';
import type { Alert } from './rule';

/** Whether limits are decided as they are meant to be, and who is shut out for the rest of the day. */
export function limitAlerts(workload: WorkloadRef): Alert[] {
  const of = `${workload.namespace}/${workload.name}`;
  const refusedByBudget = seriesOf(workload, metrics.rateLimitRejections, { limit: 'budget' });
  return [
    {
      name: 'StoreFallbackActive',
      severity: 'warning',
      expression: above(count(equal(latest(seriesOf(workload, metrics.storeFallbackActive)), 1)), 0),
      // A failover of the store takes less.
      for: Duration.minutes(5),
      summary: 'Limits are decided without the shared store.',
      description: `{{ $value }} pods of ${of} do not reach the shared store, and decide on limits by their own share.`,
    },
    {
      name: 'BudgetExhausted',
      severity: 'warning',
      // A budget stays exhausted until the day ends: there is nothing to wait for.
      expression: above(sumOfIncreases(refusedByBudget, Duration.minutes(15), ['scope']), 0),
      summary: 'Requests are refused because a daily budget is spent.',
      description: `About {{ $value | humanize }} requests to ${of} were refused over the last 15 minutes by a daily budget (scope {{ $labels.scope }}).`,
    },
  ];
}
