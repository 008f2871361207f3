import { type AlertingInput, Receiver, synthesize } from '../../charts';
import production from '../../charts/config/environments/production';
import { type AlertmanagerConfigObject, renderedByOperator } from './alertmanager';
import type { Folder } from './reference-manifests';

const key = (name: string) => ({ secret: 'ai-gateway-alerting', key: name });

/** The reference, with webhooks as its receivers: `/page`, `/ticket` and `/watchdog` of one address. */
export function foldersWithWebhooks(): Folder[] {
  const webhook = (name: string) => Receiver.webhook({ urlSecret: key(name) });
  return foldersWithAlerting({
    page: [webhook('page')],
    ticket: [webhook('ticket')],
    watchdog: webhook('watchdog'),
  });
}

/** The reference, with other receivers. */
export function foldersWithAlerting(alerting: AlertingInput): Folder[] {
  const monitoring = { ...production.monitoring, alerting };
  return synthesize({ ...production, monitoring }).folders as unknown as Folder[];
}

/** Alertmanager's configuration for that folder. */
export function alertmanagerConfigOf({ manifests }: Folder, webhookUrl: string): object {
  const found = manifests.find(({ kind }) => kind === 'AlertmanagerConfig');
  if (found === undefined) throw new Error('The folder has no AlertmanagerConfig: nobody would be paged.');
  return renderedByOperator(
    found as unknown as AlertmanagerConfigObject,
    ({ key: name }) => `${webhookUrl}/${name}`,
  );
}
