import { errorCodes, type ErrorSource } from '../../contract/error-codes';
import { labelValues } from '../../contract/metrics';
import type { RouteId } from '../../contract/paths';
import type { Registry } from '../telemetry/registry';
import type { Counter, Histogram } from '../telemetry/series';

/** The series of one route and provider, found once and kept. */
export class RequestSeries {
  readonly duration: Histogram;
  readonly #counters = new Map<string, Map<ErrorSource, Counter>>();

  constructor(
    private readonly registry: Registry,
    private readonly route: RouteId,
    private readonly provider: string,
  ) {
    this.duration = registry.families.requestDuration.series({ route, provider });
    const reachedNone = provider === labelValues.noProvider;
    for (const [status, source] of reachedNone ? refusals() : answers()) this.counter(status, source);
  }

  counter(status: string, source: ErrorSource): Counter {
    let bySource = this.#counters.get(status);
    if (bySource === undefined) {
      bySource = new Map();
      this.#counters.set(status, bySource);
    }
    let counter = bySource.get(source);
    if (counter === undefined) {
      const { route, provider } = this;
      counter = this.registry.families.requests.series({ route, provider, status, error_source: source });
      bySource.set(source, counter);
    }
    return counter;
  }
}

type Combination = readonly [status: string, source: ErrorSource];

/** `status` of a request, as a label. */
export function statusLabel(status: number): string {
  return knownStatuses.get(status) ?? `${Math.floor(status / 100)}xx`;
}

const knownStatuses: ReadonlyMap<number, string> = new Map(
  [...labelValues.providerStatus, ...Object.values(errorCodes).map((e) => String(e.status))].map((text) => [
    Number(text),
    text,
  ]),
);

/** How a request can end before a provider was chosen. A counter born at its first error would hide that error. */
function refusals(): Combination[] {
  return [
    ['200', 'none'],
    [labelValues.clientGoneStatus, 'client'],
    ...Object.values(errorCodes)
      .filter(({ domain }) => domain !== 'provider')
      .map(({ status, domain }): Combination => [String(status), domain]),
  ];
}

/** How it can end after: by an answer, by an error in place of one, or by an error within a stream that began with 200. */
function answers(): Combination[] {
  return [
    ...labelValues.errorSource.map((source): Combination => ['200', source]),
    [labelValues.clientGoneStatus, 'client'],
    ...Object.values(errorCodes)
      .filter(({ domain }) => domain === 'provider' || domain === 'gateway')
      .map(({ status, domain }): Combination => [String(status), domain]),
    ...[...labelValues.providerStatus, ...labelValues.statusClass]
      .filter((status) => /^[45]/.test(status) && status !== '401' && status !== '403')
      .map((status): Combination => [
        status,
        status === '429' || status.startsWith('5') ? 'provider' : 'client',
      ]),
  ];
}
