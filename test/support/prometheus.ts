import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { RuleGroup } from './alert-case';
import type { GuardedProgram } from './guarded';
import { program } from './programs';

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What Prometheus says of a rule of its own. */
export interface RuleState {
  readonly name: string;
  readonly health: string;
  readonly lastError?: string;
  readonly state: string;
}

/** A Prometheus that scrapes one target every second. */
export interface PrometheusOrder {
  readonly directory: string;
  readonly port: number;
  readonly targetPort: number;
  /** Given to every series, as the operator's configuration does for a ServiceMonitor. */
  readonly labels: Readonly<Record<string, string>> & { readonly job: string };
  readonly groups: readonly RuleGroup[];
  /** To whom it sends its alerts. Absent: to nobody. */
  readonly alertmanagerPort?: number;
}

export function prometheusProgram({
  directory,
  port,
  targetPort,
  labels,
  groups,
  alertmanagerPort,
}: PrometheusOrder): GuardedProgram {
  const { job, ...targetLabels } = labels;
  const configFile = join(directory, 'prometheus.yaml');
  // Without their own intervals: a test would wait half a minute for a first evaluation.
  const often = groups.map(({ name, rules }) => ({ name, rules }));
  writeFileSync(join(directory, 'rules.yaml'), stringify({ groups: often }));
  writeFileSync(
    configFile,
    stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: ['rules.yaml'],
      ...(alertmanagerPort === undefined
        ? {}
        : {
            alerting: {
              alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertmanagerPort}`] }] }],
            },
          }),
      scrape_configs: [
        {
          job_name: job,
          static_configs: [
            { targets: [`127.0.0.1:${targetPort}`], labels: { ...targetLabels, pod: 'gateway-1' } },
          ],
        },
      ],
    }),
  );
  return {
    command: [
      program('prometheus'),
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(directory, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    logFile: join(directory, 'prometheus.log'),
  };
}

/** The HTTP API of a Prometheus on this machine. */
export class PrometheusApi {
  constructor(private readonly port: number) {}

  /** Evaluates an expression now. */
  async query(expression: string): Promise<Sample[]> {
    const { result } = await this.get<{
      result: { metric: Record<string, string>; value: [number, string] }[];
    }>(`query?query=${encodeURIComponent(expression)}`);
    return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  async rules(): Promise<RuleState[]> {
    const { groups } = await this.get<{ groups: { rules: RuleState[] }[] }>('rules');
    return groups.flatMap(({ rules }) => rules);
  }

  private async get<Data>(path: string): Promise<Data> {
    const response = await fetch(`http://127.0.0.1:${this.port}/api/v1/${path}`);
    const answer = (await response.json()) as { status: string; error?: string; data: Data };
    if (answer.status !== 'success') throw new Error(`Prometheus refused ${path}: ${answer.error ?? '?'}`);
    return answer.data;
  }
}
