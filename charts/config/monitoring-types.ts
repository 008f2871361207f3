import type { Duration } from 'cdk8s';
import type { Dashboards } from './dashboards';
import type { Receiver } from './receiver';
import type { Scrape } from './scrape';
import type { Slo } from './slo';

/** Thresholds of the alerts. */
export interface AlertsInput {
  /** Alert `HighErrorRate`, critical. */
  readonly highErrorRate?: {
    /** Share of requests answered with a 5xx, above 0 and below 1. @default 0.05 (errorRatio) */
    readonly ratio?: number;
    /** How long it must last. @default 5 minutes (errorRatioFor) */
    readonly for?: Duration;
  };
  /** Alert `HighLatency`, warning. */
  readonly highLatency?: {
    /** 99th percentile of the time that the gateway itself adds. @default 1 second (overheadP99) */
    readonly overheadP99?: Duration;
    /** How long it must last. @default 10 minutes (overheadP99For) */
    readonly for?: Duration;
  };
  /** Alert `UpstreamSlow`, warning. A model that thinks before it answers needs a higher threshold. */
  readonly upstreamSlow?: {
    /** 95th percentile of the time to the first bytes of a provider's stream. @default 5 seconds (firstTokenP95) */
    readonly firstTokenP95?: Duration;
    /** How long it must last. @default 15 minutes (firstTokenP95For) */
    readonly for?: Duration;
  };
  /** Alert `SecretTooOld`, warning. */
  readonly secretTooOld?: {
    /** How long the value of a secret may be in use, whole seconds. @default 90 days (secretAge) */
    readonly age?: Duration;
  };
}

/** An alert of your own, beside those that are built in. */
export interface CustomAlertInput {
  /** Name of the alert, in capitals and small letters like `TooManyModels`. No built-in alert has it. */
  readonly alert: string;
  /**
   * PromQL. Parsed at synth; each metric and label must be one that the gateway emits, that the rules record, or that
   * is in the list of external metrics. It selects for itself: add `namespace` and `job` where there are more gateways.
   */
  readonly expr: string;
  /** How long it must last. Absent: it fires at once. */
  readonly for?: Duration | undefined;
  /** `critical` wakes a person, `warning` waits for the morning. */
  readonly severity: 'critical' | 'warning';
  /** What is wrong, in one sentence. */
  readonly summary: string;
  /** How bad it is, with `{{ $value }}` and `{{ $labels.pod }}` where they help. */
  readonly description: string;
  /** The page that says what to do. */
  readonly runbookUrl: string;
}

/** Who hears of alerts, as an AlertmanagerConfig of the Prometheus operator. */
export interface AlertingInput {
  /** Are woken: alerts of severity `critical`, one message for all of a region. At least one. */
  readonly page: readonly Receiver[];
  /** Hear in working hours: every other alert. At least one. */
  readonly ticket: readonly Receiver[];
  /**
   * Gets the `GatewayWatchdog` every five minutes and must speak up when it stops, e.g. a heartbeat monitor outside the
   * cluster. Absent: nobody does.
   */
  readonly watchdog?: Receiver | undefined;
}

/** Scrape, objectives, alerts and who hears of them. */
export interface MonitoringInput {
  /** How Prometheus finds the pods. Absent: `Scrape.serviceMonitor()`. */
  readonly scrape?: Scrape;
  /**
   * Labels of every object of the monitoring, besides the gateway's own: what your Prometheus selects them by.
   * A stock kube-prometheus-stack ignores them unless `release` is the name of its Helm release. Absent: none.
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** Between two scrapes of a pod, 1 second or more. @default 15 seconds (scrapeInterval) */
  readonly scrapeInterval?: Duration;
  /**
   * Where the runbook pages are published; each alert's `runbook_url` is this, `/`, the alert's name and `.md`.
   * @default docs/runbooks (runbookBaseUrl)
   */
  readonly runbookBaseUrl?: string;
  /** What is promised, each kind once. Absent: `standardSlos`. Empty: nothing is promised. */
  readonly slos?: readonly Slo[];
  /** What an error budget is counted over, whole days. Not above `retention`. @default 30 days (sloPeriod) */
  readonly sloPeriod?: Duration;
  /**
   * How long your Prometheus keeps samples (`retention` of the operator's Prometheus), 3 days or more: it is not set
   * here, but a rule that looks back further would quietly see less. @default 31 days (retention)
   */
  readonly retention?: Duration;
  /** Absent: the defaults of each. */
  readonly alerts?: AlertsInput;
  /** Who hears of them. Absent: left to the cluster's own Alertmanager configuration. Not with `Scrape.plain()`. */
  readonly alerting?: AlertingInput | undefined;
  /** What people look at. Absent: `Dashboards.grafana()`. */
  readonly dashboards?: Dashboards;
  /** Absent: none. */
  readonly customAlerts?: readonly CustomAlertInput[];
}
