import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { synthesize } from '../../charts';
import production from '../../charts/config/environments/production';
import { at, only } from '../charts/gateway-chart';
import { type Guarded, startGuarded } from './guarded';
import { program } from './programs';

/** The configuration that the manifest of the reference's first region gives the collector. */
export function referenceCollectorConfig(): CollectorConfig {
  const manifests = synthesize(production).folders[0]!.manifests;
  return at(only(manifests, 'OpenTelemetryCollector'), 'spec', 'config') as CollectorConfig;
}

interface CollectorConfig {
  readonly extensions: { readonly file_storage: object };
  readonly receivers: { readonly filelog: { readonly include: readonly string[] } };
  readonly processors: Readonly<Record<string, object>>;
  readonly exporters: Readonly<Record<string, object>>;
  readonly service: {
    readonly pipelines: Readonly<Record<string, { readonly exporters: readonly string[] }>>;
  };
}

/** A node: its folder of pod logs, and what the collector keeps beside it. */
export class CollectorNode {
  readonly directory = mkdtempSync(join(tmpdir(), 'collector-'));
  readonly podFolder: string;
  readonly #config: string;

  /** @param sinkUrl What stands in the place of Loki and of the buckets. */
  constructor(sinkUrl: string) {
    const config = inPlace(referenceCollectorConfig(), this.directory, sinkUrl);
    this.podFolder = join(this.directory, 'pods', 'ai-gateway_ai-gateway-7d9f-x2x7q_0f3a9c1d', 'gateway');
    mkdirSync(this.podFolder, { recursive: true });
    this.#config = join(this.directory, 'collector.yaml');
    writeFileSync(this.#config, stringify(config));
  }

  /** Starts the collector; it goes on where one before it has stopped. */
  async start(): Promise<Guarded> {
    // The guard removes its own folder only.
    const directory = mkdtempSync(join(tmpdir(), 'collector-log-'));
    return startGuarded({
      directory,
      programs: [
        {
          command: [program('otelcol'), `--config=${this.#config}`],
          logFile: join(this.directory, 'collector.log'),
        },
      ],
    });
  }
}

/**
 * The same configuration but for where things are: the node's folders lie in `directory`, and each exporter is one that a
 * test can read. Which pipeline leads to which exporter, the receiver and all processors stay as they are.
 */
function inPlace(config: CollectorConfig, directory: string, sinkUrl: string) {
  const standIn = (name: string) => `otlphttp/${name.replace(/\W/g, '-')}`;
  const exporters = Object.keys(config.exporters).map((name) => [
    standIn(name),
    {
      endpoint: `${sinkUrl}/${name}`,
      encoding: 'json',
      compression: 'none',
      sending_queue: { ...queueOf(config.exporters[name]) },
      retry_on_failure: {
        enabled: true,
        initial_interval: '100ms',
        max_interval: '200ms',
        max_elapsed_time: 0,
      },
    },
  ]);
  const pipelines = Object.entries(config.service.pipelines).map(([name, pipeline]) => [
    name,
    { ...pipeline, exporters: pipeline.exporters.map(standIn) },
  ]);
  return {
    ...config,
    extensions: { file_storage: { ...config.extensions.file_storage, directory: join(directory, 'state') } },
    receivers: {
      filelog: {
        ...config.receivers.filelog,
        include: config.receivers.filelog.include.map((path) =>
          path.replace('/var/log/pods', join(directory, 'pods')),
        ),
      },
    },
    processors: { ...config.processors, batch: { ...config.processors['batch'], timeout: '100ms' } },
    exporters: Object.fromEntries(exporters) as object,
    // Its own metrics would take a well-known port.
    service: {
      ...config.service,
      pipelines: Object.fromEntries(pipelines) as object,
      telemetry: { metrics: { level: 'none' } },
    },
  };
}

function queueOf(exporter: object | undefined): object {
  return exporter !== undefined && 'sending_queue' in exporter ? (exporter.sending_queue as object) : {};
}

/** Lines as the container runtime writes them to a pod's file: cut at 16 KiB, each part with a time and a tag. */
export function criLines(lines: readonly string[], time = '2026-01-01T00:00:00.000000000Z'): string {
  const longest = 16_384;
  return lines
    .flatMap((line) => {
      const parts = line.match(new RegExp(`[^]{1,${longest}}`, 'g')) ?? [''];
      return parts.map((part, index) => `${time} stdout ${index === parts.length - 1 ? 'F' : 'P'} ${part}\n`);
    })
    .join('');
}
