import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { Slo, standardSlos, synthesize } from '../../charts';
import { budgetOf, burnRates, outageSeconds, thresholdOf } from '../../charts/config/error-budget';
import production from '../../charts/config/environments/production';
import { prometheusDuration } from '../../charts/kit/promql';
import { notesOf } from '../../charts/promises/notes';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'slo.md'), 'utf8');

it('shows what the synth prints for the reference', () => {
  const [, shown] = /```text\n([\s\S]*?)\n```/.exec(page) ?? [];
  expect(shown?.split('\n')).toEqual(notesOf(synthesize(production).report));
});

it('shows each burn rate with its windows, and what is spent when it fires', () => {
  const rows = [...page.matchAll(/^\| ([\d.]+) +\| (\d+ [hd]) +\| (\d+ [mhd]) +\| (\w+) +\| (\d+) % +\|$/gm)];
  const text = (duration: Duration) => prometheusDuration(duration).replace(/[a-z]$/, ' $&');
  expect(rows.map(([, ...cells]) => cells)).toEqual(
    burnRates.map(({ factor, long, short, severity }) => [
      String(factor),
      text(long),
      text(short),
      severity,
      String(Math.round((factor * long.toSeconds() * 100) / Duration.days(30).toSeconds())),
    ]),
  );
});

it('is exact to the last decimal', () => {
  expect(outageSeconds(Slo.availability(99.99), Duration.days(30))).toBe(259.2);
  expect(budgetOf(Slo.availability(99.99))).toBe(0.0001);
  expect(burnRates.map((rate) => thresholdOf(Slo.availability(99.99), rate))).toEqual([
    0.00144, 0.0006, 0.0003, 0.0001,
  ]);
  expect(burnRates.map((rate) => thresholdOf(Slo.availability(99.999), rate))).toEqual([
    0.000144, 0.00006, 0.00003, 0.00001,
  ]);
});

it('says how long Prometheus is taken to keep samples, as it was told', () => {
  const { report } = synthesize({ ...production, monitoring: { retention: Duration.hours(36 * 24 + 12) } });
  expect(notesOf(report)).toContain('monitoring.retention assumes that Prometheus keeps 36.5 d of samples');
});

it('promises no failover where there is none, and counts them against availability alone', () => {
  const [primary] = Object.values(production.regions);
  const { failover: _none, ...single } = production;
  const alone = synthesize({ ...single, regions: { primary: primary! } });
  expect(notesOf(alone.report).join()).not.toContain('failover');
  const latencyOnly = synthesize({
    ...production,
    monitoring: { slos: standardSlos.filter(({ name }) => name === 'overhead-latency') },
  });
  expect(notesOf(latencyOnly.report).join()).not.toContain('lost regions');
});
