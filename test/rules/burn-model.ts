/** So many minutes of so many bad and good requests a minute. */
export interface Phase {
  readonly minutes: number;
  readonly bad: number;
  readonly good: number;
}

/** As the rules must be: written down here a second time, and not taken from the code that makes them. */
export const burnWindows = [
  { window: '1h', factor: 14.4, longMinutes: 60, shortMinutes: 5, severity: 'critical' },
  { window: '6h', factor: 6, longMinutes: 360, shortMinutes: 30, severity: 'critical' },
  { window: '1d', factor: 3, longMinutes: 1440, shortMinutes: 120, severity: 'warning' },
  { window: '3d', factor: 1, longMinutes: 4320, shortMinutes: 360, severity: 'warning' },
] as const;

export type BurnWindow = (typeof burnWindows)[number];

const fewestBad = 10;

/** The rules are to be evaluated every 30 s: each evaluation stands for this long, also in a case that has fewer. */
const evaluationMinutes = 0.5;

/** Bad requests that the rules count: evaluations, each with so many a minute. */
function countOf(evaluations: number, perMinute: number): number {
  return evaluations * evaluationMinutes * perMinute;
}

/** Of a window both ends count. */
function evaluationsIn(windowMinutes: number, everyMinutes: number): number {
  return Math.floor(windowMinutes / everyMinutes) + 1;
}

/** Bad requests a minute of which the rules count so many over the window. */
export function badPerMinute(count: number, windowMinutes: number, everyMinutes: number): number {
  return count / countOf(evaluationsIn(windowMinutes, everyMinutes), 1);
}

/** What a counter shows at each minute, in promtool's notation. */
export function counterText(phases: readonly Phase[], perMinute: (phase: Phase) => number): string {
  let value = 0;
  return phases
    .map((phase, index) => {
      const step = perMinute(phase);
      const first = index === 0 ? 0 : value + step;
      const steps = index === 0 ? phase.minutes : phase.minutes - 1;
      value = first + step * steps;
      return `${first}+${step}x${steps}`;
    })
    .join(' ');
}

const badOf = (phase: Phase): number => phase.bad;
const allOf = (phase: Phase): number => phase.bad + phase.good;

/** Share of bad requests over a window that ends at the minute. */
export function shareOver(
  phases: readonly Phase[],
  windowMinutes: number,
  atMinute: number,
  everyMinutes: number,
): number {
  const mean = meanOver(phases, atMinute, everyMinutes);
  return mean(windowMinutes, badOf) / mean(windowMinutes, allOf);
}

/** Mean over all evaluations in the window of the increase over 5 minutes. */
function meanOver(phases: readonly Phase[], atMinute: number, everyMinutes: number) {
  const minutes = phases.flatMap((phase) => Array<Phase>(phase.minutes).fill(phase));
  const sum = (from: number, to: number, of: (phase: Phase) => number) =>
    minutes.slice(Math.max(0, from), to).reduce((total, phase) => total + of(phase), 0);
  return (windowMinutes: number, of: (phase: Phase) => number): number => {
    let total = 0;
    let evaluations = 0;
    for (let at = atMinute; at >= Math.max(1, atMinute - windowMinutes); at -= everyMinutes) {
      total += sum(at - 5, at, of);
      evaluations += 1;
    }
    return total / evaluations;
  };
}

/** Share of bad requests over the long window, for each alert that must fire at the minute. */
export function burning(
  phases: readonly Phase[],
  budget: number,
  atMinute: number,
  everyMinutes: number,
): { readonly window: BurnWindow; readonly share: number }[] {
  const mean = meanOver(phases, atMinute, everyMinutes);
  return burnWindows.flatMap((window) => {
    const share = mean(window.longMinutes, badOf) / mean(window.longMinutes, allOf);
    // Of 5 minutes only the last evaluation counts.
    const short = window.shortMinutes === 5 ? 0 : window.shortMinutes;
    const shortShare = mean(short, badOf) / mean(short, allOf);
    const threshold = window.factor * budget;
    const badRequests = countOf(
      evaluationsIn(window.longMinutes, everyMinutes),
      mean(window.longMinutes, badOf) / 5,
    );
    // A little below 10, since the mean of so many fractions is not exact.
    return share > threshold && shortShare > threshold && badRequests > fewestBad - 1e-6
      ? { window, share }
      : [];
  });
}
