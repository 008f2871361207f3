import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Metric, metrics } from '../../gateway-app/contract/metrics';
import { httpPaths } from '../../gateway-app/contract/paths';
import type { RuntimeConfigInput } from '../../gateway-app/contract/runtime-config';
import { ruleGroups, scrapeLabels } from '../support/alerting';
import { freePorts } from '../support/free-ports';
import { type Guarded, startGuarded } from '../support/guarded';
import { gatewayProgram } from '../support/guarded-gateway';
import { describeWith } from '../support/programs';
import { PrometheusApi, prometheusProgram } from '../support/prometheus';
import { promtool } from '../support/promtool';
import { referenceFolders } from '../support/reference-manifests';
import { waitFor } from '../support/wait';
import { selectorsIn } from './selectors';

/** One provider that answers, and one that nobody can reach, for the 5xx. */
const config: RuntimeConfigInput = {
  version: 1,
  access: 'anonymous',
  providers: [
    { name: 'echo', kind: 'echo' },
    { name: 'unreachable', kind: 'openai', baseUrl: 'http://127.0.0.1:1/v1', apiKeyFile: 'provider-key' },
  ],
  // The same failure again and again, and not the breaker's answer in its place.
  routing: { retry: { maxAttempts: 1 }, breaker: { minAttempts: 10_000 } },
  models: [
    { name: 'echo', targets: [{ provider: 'echo', model: 'echo' }] },
    { name: 'unreachable', targets: [{ provider: 'unreachable', model: 'any' }] },
  ],
};

describeWith(['prometheus', 'promtool'], 'A Prometheus that scrapes the running gateway', () => {
  const folder = referenceFolders().find((candidate) => ruleGroups(candidate).length > 0)!;
  const groups = ruleGroups(folder);
  const rules = groups.flatMap((group) => group.rules);
  /** Those whose value under traffic is above 0, and which read the scrape itself. */
  const measured = [
    ...groups[0]!.rules,
    ...rules.filter(({ record }) => record?.endsWith(':rate5m') === true),
  ];
  const catalogue = new Set(
    Object.values<Metric>(metrics).flatMap(({ name }) =>
      ['', '_bucket', '_sum', '_count'].map((end) => name + end),
    ),
  );

  let programs: Guarded;
  let prometheus: PrometheusApi;
  let publicUrl: string;
  let adminUrl: string;

  const ask = async (body: string): Promise<number> => {
    const response = await fetch(publicUrl + httpPaths.chatCompletions, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    await response.text();
    return response.status;
  };
  const chat = (model: string, more: object = {}): string =>
    JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }], ...more });

  /** Rates need growth between two scrapes: the traffic goes on while the question is asked. */
  const underTraffic = async <Answer>(
    what: string,
    question: () => Promise<Answer | undefined>,
  ): Promise<Answer> =>
    await waitFor(
      what,
      async () => {
        await Promise.all([
          ask(chat('echo')),
          ask(chat('echo', { stream: true })),
          ask(chat('unreachable')),
          ask('{'),
        ]);
        return await question();
      },
      20_000,
      () => programs.failure(),
    );

  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'live-scrape-'));
    const [publicPort, adminPort, prometheusPort] = (await freePorts(3)) as [number, number, number];
    publicUrl = `http://127.0.0.1:${publicPort}`;
    adminUrl = `http://127.0.0.1:${adminPort}`;
    prometheus = new PrometheusApi(prometheusPort);
    programs = await startGuarded({
      directory,
      programs: [
        gatewayProgram({
          directory,
          publicPort,
          adminPort,
          config,
          secrets: { 'provider-key': 'key-of-nobody' },
        }),
        prometheusProgram({
          directory,
          port: prometheusPort,
          targetPort: adminPort,
          labels: scrapeLabels(folder),
          groups,
        }),
      ],
    });
    await waitFor(
      'the gateway',
      async () => (await fetch(publicUrl + httpPaths.ready)).ok,
      20_000,
      () => programs.failure(),
    );
    await underTraffic('a first scrape', async () => (await prometheus.query('up == 1'))[0]);
  }, 60_000);
  afterAll(async () => {
    await programs.stop();
  });

  it('gets traffic of every kind to count', async () => {
    const statuses = await Promise.all([
      ask(chat('echo')),
      ask(chat('echo', { stream: true })),
      ask('{'),
      ask(chat('no-such-model')),
      ask(chat('unreachable')),
    ]);
    expect(statuses).toEqual([200, 200, 400, 404, 502]);
  });

  it.each(measured)('gets a value for $alert$record: $expr', async ({ expr, record }) => {
    // Without the comparison: whether the value lies above the threshold is not the question here.
    const [expression] = expr.split(/ > [\d.]+$/) as [string];
    expect(expression === expr).toBe(record !== undefined);
    const value = await underTraffic(expression, async () => {
      const [sample, ...others] = await prometheus.query(expression);
      expect(others).toEqual([]);
      return sample !== undefined && Number.isFinite(sample.value) ? sample.value : undefined;
    });
    // Of what is bad, there may be none.
    if (record?.includes('bad') === true) expect(value).toBeGreaterThanOrEqual(0);
    else expect(value).toBeGreaterThan(0);
  });

  it('evaluates every rule without an error, and notices the failures', async () => {
    const states = await underTraffic('the pending alert', async () => {
      const current = await prometheus.rules();
      return current.every(({ health }) => health !== 'unknown') &&
        current.some(({ name, state }) => name === 'HighErrorRate' && state === 'pending')
        ? current
        : undefined;
    });
    expect(byName(states.map(({ name, health, lastError }) => ({ name, health, lastError })))).toEqual(
      byName(
        rules.map(({ alert, record }) => ({
          name: alert ?? record ?? '',
          health: 'ok',
          lastError: undefined,
        })),
      ),
    );
  });

  it.each(
    rules.flatMap(({ alert, record, expr }) =>
      selectorsIn(expr)
        .filter(({ metric }) => catalogue.has(metric) && !metric.startsWith('gateway_audit'))
        .map((selector) => ({ rule: alert ?? record, ...selector })),
    ),
  )('holds $metric with every label that $rule asks for', async ({ metric, labels }) => {
    expect(labels).not.toHaveLength(0);
    for (const label of labels) {
      const [count] = await prometheus.query(`count(${metric}{${label}!=""})`);
      expect({ metric, label, found: count !== undefined }).toEqual({ metric, label, found: true });
    }
  });

  it('gets a page that promtool finds nothing wrong with', async () => {
    const page = await (await fetch(adminUrl + httpPaths.metrics)).text();
    expect(page).toContain('gateway_requests_total');
    expect(await promtool(['check', 'metrics'], page)).toEqual({ exitCode: 0, output: '' });
  });
});

/** Prometheus lists groups in an order of its own. */
function byName<Named extends { readonly name: string }>(rules: readonly Named[]): Named[] {
  return [...rules].sort((a, b) => a.name.localeCompare(b.name));
}
