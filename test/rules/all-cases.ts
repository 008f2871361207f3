import type { AlertCase } from '../support/alert-case';
import type { ScrapeLabels } from '../support/alerting';
import { highErrorRateCases } from './high-error-rate-cases';
import { highLatencyCases } from './high-latency-cases';
import { containerCases } from './container-cases';
import { limitCases } from './limit-cases';
import { operationCases } from './operation-cases';
import { providerCases } from './provider-cases';
import { saturationCases } from './saturation-cases';
import { secretCases } from './secret-cases';
import { allSloCases } from './slos-under-test';

/** Everything that the alerts of one gateway must and must not say. */
export function allCases(scrape: ScrapeLabels): AlertCase[] {
  return [
    ...highErrorRateCases(scrape),
    ...highLatencyCases(scrape),
    ...allSloCases(scrape),
    ...providerCases(scrape),
    ...saturationCases(scrape),
    ...containerCases(scrape),
    ...limitCases(scrape),
    ...operationCases(scrape),
    ...secretCases(scrape),
  ];
}
