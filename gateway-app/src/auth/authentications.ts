import { labelValues, type AuthenticationMethod } from '../../contract/metrics';
import type { Registry } from '../telemetry/registry';
import type { Counter } from '../telemetry/series';

type Outcomes = Readonly<Record<'accepted' | 'refused' | 'unavailable', Counter>>;

/** Counts by which way clients come. All series exist from the start. */
export class Authentications {
  readonly #series: Readonly<Record<AuthenticationMethod, Outcomes>>;

  constructor({ families: { authentications } }: Registry) {
    const outcomes = (method: AuthenticationMethod): Outcomes => ({
      accepted: authentications.series({ method, result: 'accepted' }),
      refused: authentications.series({ method, result: 'refused' }),
      unavailable: authentications.series({ method, result: 'unavailable' }),
    });
    this.#series = Object.fromEntries(
      labelValues.authenticationMethod.map((method) => [method, outcomes(method)]),
    ) as Record<AuthenticationMethod, Outcomes>;
  }

  accepted(method: AuthenticationMethod): void {
    this.#series[method].accepted.increment();
  }

  refused(method: AuthenticationMethod, result: 'refused' | 'unavailable'): void {
    this.#series[method][result].increment();
  }
}
