import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { httpPaths } from '../../gateway-app/contract/paths';
import type { RuntimeConfigInput } from '../../gateway-app/contract/runtime-config';
import { ruleGroups, scrapeLabels } from '../support/alerting';
import { asSent, dashboardsIn, panelsOf } from '../support/dashboards';
import { freePorts } from '../support/free-ports';
import { type Guarded, startGuarded } from '../support/guarded';
import { gatewayProgram } from '../support/guarded-gateway';
import { describeWith } from '../support/programs';
import { PrometheusApi, prometheusProgram } from '../support/prometheus';
import { referenceFolders } from '../support/reference-manifests';
import { waitFor } from '../support/wait';

const price = { inputUsdPerMillionTokens: 1, outputUsdPerMillionTokens: 2 };

const config: RuntimeConfigInput = {
  version: 1,
  access: 'anonymous',
  providers: [
    { name: 'echo', kind: 'echo' },
    { name: 'unreachable', kind: 'openai', baseUrl: 'http://127.0.0.1:1/v1' },
  ],
  models: [
    { name: 'echo', targets: [{ provider: 'echo', model: 'echo', price }] },
    { name: 'unreachable', targets: [{ provider: 'unreachable', model: 'any' }] },
  ],
  tenants: [
    {
      name: 'search',
      keys: [{ sha256: createHash('sha256').update('key').digest('hex') }],
      models: ['echo'],
    },
  ],
};

/** What kube-state-metrics and the kubelet would say; there is no cluster here. */
const ofTheCluster = /\b(kube|container)_\w+/;

describeWith(['prometheus'], 'A dashboard, asked of a Prometheus that scrapes the running gateway', () => {
  const folder = referenceFolders().find((candidate) => ruleGroups(candidate).length > 0)!;
  const labels = scrapeLabels(folder);
  const queries = dashboardsIn(folder).flatMap((dashboard) =>
    panelsOf(dashboard).flatMap(({ title = '', targets = [] }) =>
      targets
        .filter(({ expr }) => !ofTheCluster.test(expr))
        .map(({ expr, legendFormat }) => ({ dashboard: dashboard.title, title, expr, legendFormat })),
    ),
  );
  let programs: Guarded;
  let prometheus: PrometheusApi;
  let publicUrl: string;

  const ask = async (model: string, stream: boolean): Promise<void> => {
    const response = await fetch(publicUrl + httpPaths.chatCompletions, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'Hello' }] }),
    });
    await response.text();
  };

  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'live-dashboards-'));
    const [publicPort, adminPort, port] = (await freePorts(3)) as [number, number, number];
    publicUrl = `http://127.0.0.1:${publicPort}`;
    prometheus = new PrometheusApi(port);
    programs = await startGuarded({
      directory,
      programs: [
        gatewayProgram({ directory, publicPort, adminPort, config }),
        prometheusProgram({ directory, port, targetPort: adminPort, labels, groups: ruleGroups(folder) }),
      ],
    });
    await waitFor(
      'the gateway',
      async () => (await fetch(publicUrl + httpPaths.ready)).ok,
      30_000,
      () => programs.failure(),
    );
  }, 60_000);
  afterAll(async () => {
    await programs.stop();
  });

  it('has something to ask', () => {
    expect(queries.length).toBeGreaterThan(30);
  });

  it.each(queries)(
    '$dashboard, $title: $legendFormat',
    async ({ expr, legendFormat }) => {
      const wanted = [...legendFormat.matchAll(/{{(\w+)}}/g)].map(([, label = '']) => label);
      const samples = await waitFor(
        expr,
        async () => {
          await Promise.all([ask('echo', false), ask('echo', true), ask('unreachable', false)]);
          const found = await prometheus.query(asSent(expr, labels, '1m'));
          return found.some(({ value }) => Number.isFinite(value)) ? found : undefined;
        },
        20_000,
        () => programs.failure(),
      );
      // A legend of a label that the series lack would read "{{region}}".
      for (const { metric } of samples) expect(Object.keys(metric)).toEqual(expect.arrayContaining(wanted));
    },
    30_000,
  );
});
