import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { GuardedProgram } from './guarded';
import { program } from './programs';

interface OperatorMatcher {
  readonly name: string;
  readonly value: string;
  readonly matchType: string;
}

interface OperatorRoute {
  readonly receiver: string;
  readonly matchers?: readonly OperatorMatcher[];
  readonly groupBy?: readonly string[];
  readonly groupWait?: string;
  readonly groupInterval?: string;
  readonly repeatInterval?: string;
  readonly routes?: readonly OperatorRoute[];
}

interface SecretReference {
  readonly name: string;
  readonly key: string;
}

/** As much of an AlertmanagerConfig as the gateway writes. */
export interface AlertmanagerConfigObject {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly route: OperatorRoute;
    readonly receivers: readonly {
      readonly name: string;
      readonly pagerdutyConfigs?: readonly { readonly routingKey: SecretReference }[];
      readonly slackConfigs?: readonly {
        readonly apiURL: SecretReference;
        readonly channel: string;
        readonly title: string;
        readonly text: string;
      }[];
      readonly webhookConfigs?: readonly { readonly urlSecret: SecretReference }[];
    }[];
    readonly inhibitRules: readonly {
      readonly sourceMatch: readonly OperatorMatcher[];
      readonly targetMatch: readonly OperatorMatcher[];
      readonly equal: readonly string[];
    }[];
  };
}

/**
 * What the Prometheus operator makes of the object: every receiver is called after it, every route and inhibition is
 * bound to its namespace, and whatever no object takes goes to a receiver that tells nobody.
 */
export function renderedByOperator(
  { metadata: { name, namespace }, spec }: AlertmanagerConfigObject,
  secretOf: (reference: SecretReference) => string,
): object {
  const own = `namespace="${namespace}"`;
  const called = (receiver: string) => `${namespace}/${name}/${receiver}`;
  const matcher = ({ name: label, matchType, value }: OperatorMatcher) => `${label}${matchType}"${value}"`;
  const route = (given: OperatorRoute): object => ({
    receiver: called(given.receiver),
    group_by: given.groupBy,
    group_wait: given.groupWait,
    group_interval: given.groupInterval,
    repeat_interval: given.repeatInterval,
    matchers: (given.matchers ?? []).map(matcher),
    routes: (given.routes ?? []).map(route),
  });
  return {
    route: {
      receiver: 'null',
      routes: [{ ...route(spec.route), matchers: [own], continue: true }],
    },
    inhibit_rules: spec.inhibitRules.map(({ sourceMatch, targetMatch, equal }) => ({
      source_matchers: [...sourceMatch.map(matcher), own],
      target_matchers: [...targetMatch.map(matcher), own],
      equal,
    })),
    receivers: [
      { name: 'null' },
      ...spec.receivers.map((receiver) => ({
        name: called(receiver.name),
        pagerduty_configs: (receiver.pagerdutyConfigs ?? []).map(({ routingKey }) => ({
          routing_key: secretOf(routingKey),
        })),
        slack_configs: (receiver.slackConfigs ?? []).map(({ apiURL, channel, title, text }) => ({
          api_url: secretOf(apiURL),
          channel,
          title,
          text,
        })),
        webhook_configs: (receiver.webhookConfigs ?? []).map(({ urlSecret }) => ({
          url: secretOf(urlSecret),
        })),
      })),
    ],
  };
}

export interface AlertmanagerOrder {
  readonly directory: string;
  readonly port: number;
  readonly config: object;
}

/** Path of the configuration file of {@link alertmanagerProgram}. */
export function writeAlertmanagerConfig({ directory, config }: Omit<AlertmanagerOrder, 'port'>): string {
  const file = join(directory, 'alertmanager.yaml');
  writeFileSync(file, stringify(config));
  return file;
}

export function alertmanagerProgram(order: AlertmanagerOrder): GuardedProgram {
  return {
    command: [
      program('alertmanager'),
      `--config.file=${writeAlertmanagerConfig(order)}`,
      `--storage.path=${join(order.directory, 'alertmanager')}`,
      `--web.listen-address=127.0.0.1:${order.port}`,
      // Alone: it would look for a network to gossip in.
      '--cluster.listen-address=',
      '--log.level=warn',
    ],
    logFile: join(order.directory, 'alertmanager.log'),
  };
}

export type AlertLabels = Readonly<Record<string, string>>;

/** An alert as Alertmanager sees it. */
export interface RoutedAlert {
  readonly labels: AlertLabels;
  readonly receivers: readonly string[];
  /** Another alert explains it, and it is not delivered. */
  readonly inhibited: boolean;
}

/** The HTTP API of an Alertmanager on this machine. */
export class AlertmanagerApi {
  constructor(private readonly port: number) {}

  async isReady(): Promise<boolean> {
    return (await fetch(`http://127.0.0.1:${this.port}/-/ready`)).ok;
  }

  async send(alerts: readonly AlertLabels[]): Promise<void> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts.map((labels) => ({ labels }))),
    });
    if (!response.ok) throw new Error(`Alertmanager refused the alerts: ${await response.text()}`);
  }

  async alerts(): Promise<RoutedAlert[]> {
    const all = (await (await fetch(this.url)).json()) as {
      labels: AlertLabels;
      receivers: { name: string }[];
      status: { inhibitedBy: string[] };
    }[];
    return all.map(({ labels, receivers, status }) => ({
      labels,
      receivers: receivers.map(({ name }) => name),
      inhibited: status.inhibitedBy.length > 0,
    }));
  }

  private get url(): string {
    return `http://127.0.0.1:${this.port}/api/v2/alerts`;
  }
}
