import type { AlertCase } from '../support/alert-case';
import type { ScrapeLabels } from '../support/alerting';
import {
  badPerMinute,
  type BurnWindow,
  burning,
  burnWindows,
  counterText,
  type Phase,
  shareOver,
} from './burn-model';
import { expected } from './expected';
import { foreignPlaces, type Labels, series } from './sample-series';

export interface SloUnderTest {
  readonly slo: string;
  readonly alert: string;
  readonly what: string;
  readonly targetPercent: number;
  /** Series that count what happened, by their names and what each counts. */
  readonly counters: (labels?: Labels) => Readonly<Record<string, (phase: Phase) => number>>;
}

/** Requests a minute: enough that the floor of 10 bad ones is no matter. */
const perMinute = 100_000;

export function sloCases(scrape: ScrapeLabels, under: SloUnderTest): AlertCase[] {
  const { slo, alert, what, targetPercent, counters } = under;
  const budget = Number(((100 - targetPercent) / 100).toPrecision(6));
  const seriesOf = (phases: readonly Phase[], labels: Labels = {}): Record<string, string> =>
    Object.fromEntries(
      Object.entries(counters(labels)).map(([name, count]) => [name, counterText(phases, count)]),
    );
  const scenario = (
    name: string,
    phases: readonly Phase[],
    atMinute: number,
    everyMinutes = 1,
    more: Readonly<Record<string, string>> = {},
  ): AlertCase => ({
    alert,
    name: `${slo}: ${name}`,
    series: { ...seriesOf(phases), ...more },
    atMinute,
    everyMinutes,
    firing: burning(phases, budget, atMinute, everyMinutes).map(({ window, share }) =>
      expected(
        scrape,
        alert,
        window.severity,
        {
          summary: `${what}: ${window.factor} times faster than ${targetPercent} % allows.`,
          description: `${Number((share * 100).toPrecision(4))}% of the requests to ${scrape.namespace}/${scrape.job} were bad over the last ${window.window}, and it goes on.`,
        },
        { slo, job: scrape.job, window: window.window },
      ),
    ),
  });
  const steady = (share: number, minutes = 90, total = perMinute): Phase => ({
    minutes,
    bad: total * share,
    good: total * (1 - share),
  });
  const others = Object.values(foreignPlaces);
  const justBeyond = steady(14.4 * budget * 1.01);
  const budgetLeft = `round(sum(job:gateway_slo_budget_left:ratio{slo="${slo}"}), 0.001)`;
  return [
    ...burnWindows.flatMap(({ factor, window }) => [
      scenario(`just beyond ${factor} times the budget (${window})`, [steady(factor * budget * 1.004)], 80),
      scenario(`just within ${factor} times the budget (${window})`, [steady(factor * budget * 0.996)], 80),
    ]),
    ...burnWindows.flatMap((window) => [
      ...around(window, 'begins', beginning(window, budget), budget, scenario),
      ...around(window, 'ends', ending(window, budget), budget, scenario),
      ...floorCases(window, scenario),
      ...oneWindowCases(window, budget, scenario),
    ]),
    ...others.flatMap((labels) => [
      scenario(
        `bad requests of ${JSON.stringify(labels)}`,
        [steady(0)],
        80,
        1,
        seriesOf([steady(1)], labels),
      ),
      scenario(
        `good requests of ${JSON.stringify(labels)} beside bad ones`,
        [justBeyond],
        80,
        1,
        seriesOf([steady(0, 90, perMinute * 9)], labels),
      ),
    ]),
    {
      ...scenario('the rules of another gateway', [justBeyond], 80, 1, foreignRecords(scrape, slo)),
      values: { [budgetLeft]: Number((1 - 14.4 * 1.01).toFixed(3)) },
    },
    ...[4, 15, 90].map((minute) => oneError(minute)),
    scenario('without traffic', [{ minutes: 90, bad: 0, good: 0 }], 80),
    { ...scenario('nothing was ever scraped', [], 80), series: {} },
    {
      ...scenario('a quarter of the budget is spent', [steady(budget / 4)], 80),
      values: { [budgetLeft]: 0.75 },
    },
    {
      ...scenario('the budget is overspent', [steady(budget * 3)], 80),
      values: { [budgetLeft]: -2 },
    },
    growthCase(1, { '30m': 30, '1h': 60, '2h': 120 }),
    growthCase(30, { '6h': 360, '1d': 1440, '3d': 4320 }),
    monthCase(),
  ];

  /** More and more requests, and bad ones faster than all: the share tells over which time each of the two is counted. */
  function growthCase(everyMinutes: number, windows: Readonly<Record<string, number>>): AlertCase {
    const minutes = 12 * everyMinutes;
    const phases = Array.from({ length: 13 }, (_, index): Phase => {
      const bad = (perMinute * (index + 1) ** 2) / 1000;
      return { minutes, bad, good: (index + 1) * perMinute - bad };
    });
    const atMinute = 13 * minutes;
    return {
      ...scenario(`traffic grows (${Object.keys(windows).join(', ')})`, phases, atMinute, everyMinutes),
      values: Object.fromEntries(
        Object.entries(windows).map(([window, windowMinutes]) => [
          `round(sum(job:gateway_slo_bad:ratio_rate${window}{slo="${slo}"}) * 100000)`,
          Math.round(shareOver(phases, windowMinutes, atMinute, everyMinutes) * 100_000),
        ]),
      ),
    };
  }

  /** Each window holds only what was recorded since the first rule ran. */
  function oneError(minute: number): AlertCase {
    const phases = [
      { minutes: 2, bad: 0, good: 8 },
      { minutes: 1, bad: 1, good: 8 },
      { minutes: 100, bad: 0, good: 8 },
    ];
    return { ...scenario(`one error under new rules: minute ${minute}`, phases, minute, 0.5), firing: [] };
  }

  /** A bad and busy first day. 30.5 days from its beginning half of it has left the period. */
  function monthCase(): AlertCase {
    const day = 1440;
    const phases = [steady(budget * 2, day, perMinute * 10), steady(0, 32 * day)];
    const share = shareOver(phases, 30 * day, 30.5 * day, 360);
    return {
      ...scenario('a month goes by', phases, 30.5 * day, 360),
      values: { [budgetLeft]: Number((1 - share / budget).toFixed(3)) },
    };
  }
}

type Scenario = (
  name: string,
  phases: readonly Phase[],
  atMinute: number,
  everyMinutes?: number,
) => AlertCase;

/** Between two evaluations: fine enough to tell a window from one that is a tenth longer. */
function step({ longMinutes }: BurnWindow): number {
  if (longMinutes > 360) return 30;
  return longMinutes > 60 ? 5 : 1;
}

/** Well for the long window, and then so bad that it is beyond the threshold after a part of it. */
function beginning({ factor, longMinutes }: BurnWindow, budget: number): Phase[] {
  const share = Math.min(4 * factor * budget, 1);
  return [
    { minutes: longMinutes, bad: 0, good: perMinute },
    { minutes: longMinutes, bad: perMinute * share, good: perMinute * (1 - share) },
  ];
}

/** Beyond the threshold for the long window, and then well. */
function ending({ factor, longMinutes }: BurnWindow, budget: number): Phase[] {
  const share = Math.min(2 * factor * budget, 1);
  return [
    { minutes: longMinutes, bad: perMinute * share, good: perMinute * (1 - share) },
    { minutes: longMinutes, bad: 0, good: perMinute },
  ];
}

/** The last evaluation before a change of what fires, and the first one after it. */
function around(
  window: BurnWindow,
  what: string,
  phases: readonly Phase[],
  budget: number,
  scenario: Scenario,
): AlertCase[] {
  const every = step(window);
  const fires = (at: number) =>
    burning(phases, budget, at, every).some((entry) => entry.window.window === window.window);
  const from = window.longMinutes;
  let at = from + every;
  while (fires(at) === fires(from)) at += every;
  return [
    scenario(`${window.window} ${what}: minute ${at - every}`, phases, at - every, every),
    scenario(`${window.window} ${what}: minute ${at}`, phases, at, every),
  ];
}

/** One of the two windows just within the threshold and the other one beyond it: each must hold by itself. */
function oneWindowCases(window: BurnWindow, budget: number, scenario: Scenario): AlertCase[] {
  const { factor, longMinutes, shortMinutes } = window;
  const every = step(window);
  const withShare = (minutes: number, timesThreshold: number): Phase => {
    const bad = perMinute * Math.min(factor * budget * timesThreshold, 1);
    return { minutes, bad, good: perMinute - bad };
  };
  // Whatever is recorded looks back 5 minutes by itself.
  const end = Math.ceil((shortMinutes + 5) / every) * every;
  const begin = longMinutes - end;
  // So that the long window has 0.99 of its threshold in all.
  const before = (0.99 * longMinutes - 1.2 * end) / begin;
  return [
    scenario(
      `${window.window}: only the short window is just within`,
      [withShare(longMinutes, 1.5), withShare(end + every, 0.99)],
      longMinutes + end,
      every,
    ),
    scenario(
      `${window.window}: only the long window is just within`,
      [withShare(begin + 5, before), withShare(end + every, 1.2)],
      longMinutes,
      every,
    ),
  ];
}

/** So few requests that their number decides: bad ones only, 10 in the long window or just less. */
function floorCases(window: BurnWindow, scenario: Scenario): AlertCase[] {
  // Of an hour, as often as in production; of days, that would take minutes.
  const every = window.longMinutes === 60 ? 0.5 : step(window);
  const few = (bad: number): Phase[] => [
    {
      minutes: window.longMinutes * 2,
      bad: badPerMinute(bad, window.longMinutes, every),
      good: 0,
    },
  ];
  const at = Math.round((window.longMinutes * 1.5) / every) * every;
  return [
    scenario(`${window.window}: 10.1 bad requests`, few(10.1), at, every),
    scenario(`${window.window}: 9.9 bad requests`, few(9.9), at, every),
  ];
}

/** What the rules of other gateways and other objectives record must stay theirs. */
function foreignRecords(scrape: ScrapeLabels, slo: string): Record<string, string> {
  const names = [
    'bad:rate5m',
    'all:rate5m',
    ...['5m', '30m', '1h', '2h', '6h', '1d', '3d'].map((w) => `bad:ratio_rate${w}`),
  ];
  const others = [...Object.values(foreignPlaces), { slo: 'another' }];
  return Object.fromEntries(
    names.flatMap((name) =>
      others.map((labels) => [series(`job:gateway_slo_${name}`, { ...scrape, slo, ...labels }), '1x100']),
    ),
  );
}
