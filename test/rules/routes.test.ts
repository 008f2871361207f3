import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Receiver } from '../../charts';
import { ruleGroups } from '../support/alerting';
import {
  AlertmanagerApi,
  alertmanagerProgram,
  type AlertLabels,
  writeAlertmanagerConfig,
} from '../support/alertmanager';
import { freePorts } from '../support/free-ports';
import { type Guarded, startGuarded } from '../support/guarded';
import { alertmanagerConfigOf, foldersWithAlerting, foldersWithWebhooks } from '../support/paged';
import { describeWith, program } from '../support/programs';
import { waitFor } from '../support/wait';

describeWith(['alertmanager'], 'An Alertmanager with what the operator makes of the routes', () => {
  const [folder, other] = foldersWithWebhooks().filter((candidate) => ruleGroups(candidate).length > 0);
  const rules = ruleGroups(folder!).flatMap((group) => group.rules);
  const alerts = rules.flatMap(({ alert, labels = {} }): AlertLabels[] =>
    alert === undefined ? [] : [{ alertname: alert, ...labels }],
  );
  const receiver = (name: string) => `ai-gateway/ai-gateway/${name}`;
  const forSeverity: Record<string, string> = { critical: 'page', warning: 'ticket', none: 'watchdog' };

  let programs: Guarded;
  let alertmanager: AlertmanagerApi;

  beforeEach(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'routes-'));
    const [port] = (await freePorts(1)) as [number];
    alertmanager = new AlertmanagerApi(port);
    // Where nobody listens: what is delivered is the question of another suite.
    const config = alertmanagerConfigOf(folder!, 'http://127.0.0.1:1');
    programs = await startGuarded({
      directory,
      programs: [alertmanagerProgram({ directory, port, config })],
    });
    await waitFor(
      'Alertmanager',
      async () => await alertmanager.isReady(),
      20_000,
      () => programs.failure(),
    );
  });
  afterEach(async () => {
    await programs.stop();
  });

  /** Those of the alerts that are told to nobody, since another explains them. */
  const silenced = async (sent: readonly AlertLabels[], count: number): Promise<string[]> => {
    await alertmanager.send(sent);
    return await waitFor(`${count} silenced alerts`, async () => {
      const names = (await alertmanager.alerts())
        .filter(({ inhibited }) => inhibited)
        .map(({ labels }) => [labels['alertname'], labels['region']].join(' '));
      return names.length === count ? [...new Set(names)].sort() : undefined;
    });
  };
  const named = (...names: string[]) => alerts.filter(({ alertname }) => names.includes(alertname ?? ''));

  it('delivers every alert to whom its severity says', async () => {
    await alertmanager.send(alerts);
    const seen = await waitFor('all alerts', async () => {
      const all = await alertmanager.alerts();
      return all.length === alerts.length ? all : undefined;
    });
    for (const { labels, receivers } of seen) {
      expect({ labels, receivers }).toEqual({
        labels,
        receivers: [receiver(forSeverity[labels['severity'] ?? ''] ?? '?')],
      });
    }
  });

  it('delivers an alert of an unknown severity as a ticket, and one without namespace to nobody', async () => {
    const { namespace: _dropped, ...lost } = alerts[0]!;
    await alertmanager.send([{ ...alerts[0]!, severity: 'new' }, lost]);
    const seen = await waitFor('both alerts', async () => {
      const all = await alertmanager.alerts();
      return all.length === 2 ? all : undefined;
    });
    expect(seen.map(({ labels, receivers }) => [labels['severity'], receivers]).sort()).toEqual([
      ['critical', ['null']],
      ['new', [receiver('ticket')]],
    ]);
  });

  it('tells of a region that is gone, and not of what follows from it', async () => {
    const causes = named('GatewayAbsent');
    const rest = named(
      'HighErrorRate',
      'HighLatency',
      'GatewayTargetDown',
      'AuditRecordsDropped',
      'ConfigReloadFailed',
    );
    expect(await silenced([...causes, ...rest], 3)).toEqual([
      'GatewayTargetDown us-east-1',
      'HighErrorRate us-east-1',
      'HighLatency us-east-1',
    ]);
  });

  it('still tells of the other region, and of another namespace', async () => {
    const elsewhere = ruleGroups(other!)
      .flatMap((group) => group.rules)
      .filter(({ alert }) => alert === 'HighErrorRate')
      .map(({ alert, labels }) => ({ alertname: alert!, ...labels }));
    const foreign = named('HighErrorRate').map((labels) => ({ ...labels, namespace: 'another' }));
    const sent = [...named('GatewayAbsent', 'HighErrorRate'), ...elsewhere, ...foreign];
    expect(await silenced(sent, 1)).toEqual(['HighErrorRate us-east-1']);
  });

  it('sends no ticket where the same objective has woken somebody', async () => {
    const burns = named('UserAvailabilityBudgetBurn', 'OverheadLatencyBudgetBurn');
    const isTicket = ({ severity }: AlertLabels) => severity === 'warning';
    const page = burns.filter((labels) => labels['slo'] === 'user-availability' && !isTicket(labels));
    // Two of the objective that pages; those of the other one are told.
    expect(await silenced([...page, ...burns.filter(isTicket)], 2)).toEqual([
      'UserAvailabilityBudgetBurn us-east-1',
    ]);
  });

  it('tells once that a provider is down, and still of another one', async () => {
    const of = (provider: string, ...names: string[]) =>
      named(...names).map((labels) => ({ ...labels, provider }));
    const sent = [
      ...of('openai', 'UpstreamProviderDown', 'UpstreamSlow', 'StreamsCut', 'UpstreamRateLimited'),
      ...of('another', 'UpstreamSlow'),
    ];
    expect(await silenced(sent, 2)).toEqual(['StreamsCut us-east-1', 'UpstreamSlow us-east-1']);
    expect((await alertmanager.alerts()).filter(({ inhibited }) => !inhibited)).toHaveLength(3);
  });
});

describeWith(['amtool'], 'The routes to every kind of receiver', () => {
  it('are right in the eyes of amtool', async () => {
    const key = (name: string) => ({ secret: 'alerting', key: name });
    const page = [
      Receiver.pagerDuty({ routingKey: key('pager') }),
      Receiver.slack({ urlSecret: key('slack'), channel: '#gateway' }),
      Receiver.webhook({ urlSecret: key('hook') }),
    ];
    const [folder] = foldersWithAlerting({ page, ticket: page });
    const directory = mkdtempSync(join(tmpdir(), 'receivers-'));
    try {
      const config = alertmanagerConfigOf(folder!, 'https://hooks.example.com');
      const file = writeAlertmanagerConfig({ directory, config });
      const { stdout } = await promisify(execFile)(program('amtool'), ['check-config', file]);
      expect(stdout).toMatch(/SUCCESS[\s\S]*4 receivers/);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
