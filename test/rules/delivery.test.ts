import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { httpPaths } from '../../gateway-app/contract/paths';
import { ruleGroups, scrapeLabels } from '../support/alerting';
import { AlertmanagerApi, alertmanagerProgram } from '../support/alertmanager';
import { answersJson, completion, type FakeProvider, startFakeProvider } from '../support/fake-provider';
import { freePorts } from '../support/free-ports';
import { type Guarded, startGuarded } from '../support/guarded';
import { gatewayProgram } from '../support/guarded-gateway';
import { alertmanagerConfigOf, foldersWithWebhooks } from '../support/paged';
import { describeWith } from '../support/programs';
import { PrometheusApi, prometheusProgram } from '../support/prometheus';
import { waitFor } from '../support/wait';
import { startWebhook, type Webhook } from '../support/webhook';

/** From the first bad answer to the message. Scrapes and rules run each second here, in production every 15 and 30. */
const pageWithinMs = 60_000;

describeWith(['prometheus', 'alertmanager'], 'Whoever is on call', () => {
  const folder = foldersWithWebhooks().find((candidate) => ruleGroups(candidate).length > 0)!;
  let provider: FakeProvider;
  let webhook: Webhook;
  let programs: Guarded;
  let prometheus: PrometheusApi;
  let publicUrl: string;

  const ask = async (): Promise<number> => {
    const response = await fetch(publicUrl + httpPaths.chatCompletions, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'scripted', messages: [{ role: 'user', content: 'Hello' }] }),
    });
    await response.text();
    return response.status;
  };
  const underTraffic = async <Answer>(
    what: string,
    question: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  ): Promise<Answer> =>
    await waitFor(
      what,
      async () => {
        await Promise.all(Array.from({ length: 4 }, ask));
        return await question();
      },
      pageWithinMs,
      () => programs.failure(),
    );
  const deliveredTo = (path: string) =>
    webhook.delivered.filter((message) => message.path === path).flatMap(({ alerts }) => alerts);
  const names = (path: string) => new Set(deliveredTo(path).map(({ labels }) => labels['alertname']));

  beforeEach(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'delivery-'));
    [provider, webhook] = await Promise.all([startFakeProvider(), startWebhook()]);
    const [publicPort, adminPort, prometheusPort, port] = (await freePorts(4)) as [
      number,
      number,
      number,
      number,
    ];
    publicUrl = `http://127.0.0.1:${publicPort}`;
    prometheus = new PrometheusApi(prometheusPort);
    const alertmanager = new AlertmanagerApi(port);
    programs = await startGuarded({
      directory,
      programs: [
        gatewayProgram({
          directory,
          publicPort,
          adminPort,
          config: {
            version: 1,
            access: 'anonymous',
            providers: [{ name: 'scripted', kind: 'openai', baseUrl: provider.baseUrl }],
            models: [{ name: 'scripted', targets: [{ provider: 'scripted', model: 'any' }] }],
          },
        }),
        prometheusProgram({
          directory,
          port: prometheusPort,
          targetPort: adminPort,
          labels: scrapeLabels(folder),
          groups: ruleGroups(folder),
          alertmanagerPort: port,
        }),
        alertmanagerProgram({ directory, port, config: alertmanagerConfigOf(folder, webhook.url) }),
      ],
    });
    await waitFor(
      'the gateway and Alertmanager',
      async () => (await fetch(publicUrl + httpPaths.ready)).ok && (await alertmanager.isReady()),
      30_000,
      () => programs.failure(),
    );
    await underTraffic('a first scrape', async () => (await prometheus.query('up == 1'))[0]);
  }, 60_000);
  afterEach(async () => {
    await programs.stop();
    await Promise.all([provider.close(), webhook.close()]);
  });

  it(
    'is woken by an outage of the gateway itself, and not before it begins',
    async () => {
      await underTraffic('the watchdog', () => names('/watchdog').has('GatewayWatchdog'));
      expect(names('/page')).toEqual(new Set());
      // It refuses the credentials that the gateway should have: nobody but the gateway is to blame.
      provider.behave(answersJson({ error: { message: 'no' } }, 401));
      const began = Date.now();
      await underTraffic('the page', () => names('/page').has('GatewayAvailabilityBudgetBurn'));
      report('an outage of the gateway', began);
      const [page] = deliveredTo('/page').filter(
        ({ labels }) => labels['alertname'] === 'GatewayAvailabilityBudgetBurn',
      );
      expect(page).toMatchObject({
        status: 'firing',
        labels: { severity: 'critical', slo: 'gateway-availability', region: folder.name },
        annotations: { runbook_url: 'docs/runbooks/GatewayAvailabilityBudgetBurn.md' },
      });
    },
    3 * pageWithinMs,
  );

  it(
    "hears of a provider's outage by what users feel, and nothing of the gateway's own objective",
    async () => {
      provider.behave(answersJson({ error: { message: 'down' } }, 500));
      const began = Date.now();
      await underTraffic('the page', () => names('/page').has('UserAvailabilityBudgetBurn'));
      report("a provider's outage", began);
      const states = await prometheus.rules();
      expect(states.find(({ name }) => name === 'UserAvailabilityBudgetBurn')?.state).toBe('firing');
      expect(
        states.filter(({ name, state }) => name === 'GatewayAvailabilityBudgetBurn' && state !== 'inactive'),
      ).toEqual([]);
      expect(names('/page')).not.toContain('GatewayAvailabilityBudgetBurn');
      provider.behave(answersJson(completion('Hello')));
      // The gateway's breaker has opened meanwhile, and tries the provider again after a while.
      await waitFor('the gateway to serve again', async () => (await ask()) === 200, 60_000);
    },
    3 * pageWithinMs,
  );
});

function report(what: string, beganMs: number): void {
  process.stdout.write(`${what}: paged after ${((Date.now() - beganMs) / 1000).toFixed(1)} s\n`);
}
