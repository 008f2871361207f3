import { auditLineStart } from '../../gateway-app/contract/audit-line';
import type { Bucket, LogExport } from '../config/schema/backup';
import { copyPath } from '../kit/copy-path';
import type { WorkloadRef } from '../kit/workload-ref';
import { redactions } from './redaction';

/** Where the collector finds things on its file system. */
export const collectorPaths = {
  /** The kubelet's folder of every container's output on the node. */
  podLogs: '/var/log/pods',
  /** How far each file has been read, and what is not sent yet. On the node, a folder in it for each gateway. */
  state: '/var/lib/gateway-logs',
  /** The keys of the Secret that holds the API key. */
  secrets: '/etc/gateway-logs/secrets',
} as const;

export interface CollectorConfigProps {
  readonly workload: WorkloadRef;
  readonly region: string;
  readonly environment: string;
  readonly bucket: Bucket;
  readonly to: LogExport['to'];
}

const storage = 'file_storage';
/** One batch after the other, so that a bucket's objects keep the order of the lines; on the disk, so that a restart loses none. */
const queue = { enabled: true, num_consumers: 1, queue_size: 1000, storage };
/** 0: for ever. What cannot be sent fills the disk's queue, and then stops the reading. */
const retry = { enabled: true, initial_interval: '1s', max_interval: '30s', max_elapsed_time: 0 };

const isAudit = `IsMatch(body, ${quoted(`^${escaped(auditLineStart)}`)})`;

/**
 * Two pipelines from the same files: log lines are redacted, audit lines are left as they are, since each carries a hash
 * over its bytes. They hold nothing to hide: prompts, answers and keys are not within the audit log's reach.
 *
 * @see https://opentelemetry.io/docs/collector/configuration/
 */
export function collectorConfig({ workload, region, environment, bucket, to }: CollectorConfigProps) {
  const { name, exporter } = searchedIn(to);
  const archive = (kind: 'audit' | 'log') => ({
    s3uploader: {
      region: bucket.region,
      s3_bucket: bucket.name,
      s3_prefix: copyPath(workload, kind, region),
      s3_partition_format: '%Y/%m/%d/%H',
      s3_partition_timezone: 'UTC',
      file_prefix: `${kind}-`,
      compression: 'gzip',
      // The names sort by time; those of chance would mix the lines of a chain.
      unique_key_func_name: 'uuidv7',
    },
    // The lines as they were, and nothing around them.
    marshaler: 'body',
    timeout: '30s',
    sending_queue: queue,
  });
  const pipeline = (kind: 'audit' | 'log', ...processors: string[]) => ({
    receivers: ['filelog'],
    processors: ['memory_limiter', `filter/${kind}`, ...processors, 'batch'],
    exporters: [name, `awss3/${kind}`],
  });
  return {
    extensions: { [storage]: { directory: collectorPaths.state, create_directory: true } },
    receivers: {
      filelog: {
        include: [
          `${collectorPaths.podLogs}/${workload.namespace}_${workload.name}-*_*/${workload.containerName}/*.log`,
        ],
        // The operator tells the files apart by it; without, it puts no parts together.
        include_file_path: true,
        // A pod may have written before the collector was there, and may be gone soon.
        start_at: 'beginning',
        storage,
        retry_on_failure: { enabled: true, max_elapsed_time: 0 },
        resource: { 'cloud.region': region, 'deployment.environment.name': environment },
        // Puts lines together that the runtime has cut, and takes the pod's name from the path: no API server is asked.
        operators: [{ type: 'container' }],
      },
    },
    processors: {
      memory_limiter: { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 20 },
      // Each drops what its condition holds for.
      'filter/audit': { error_mode: 'propagate', logs: { log_record: [`not ${isAudit}`] } },
      'filter/log': { error_mode: 'propagate', logs: { log_record: [isAudit] } },
      'transform/redact': {
        // What cannot be redacted is not passed on.
        error_mode: 'propagate',
        log_statements: [
          {
            context: 'log',
            statements: redactions.map(
              ({ pattern, replacement }) =>
                `replace_pattern(body, ${quoted(pattern)}, ${quoted(replacement)})`,
            ),
          },
        ],
      },
      batch: { timeout: '5s', send_batch_size: 1000 },
    },
    exporters: { [name]: exporter, 'awss3/audit': archive('audit'), 'awss3/log': archive('log') },
    service: {
      extensions: [storage],
      pipelines: { 'logs/audit': pipeline('audit'), 'logs/log': pipeline('log', 'transform/redact') },
    },
  };
}

function searchedIn(to: LogExport['to']): { name: string; exporter: object } {
  if ('loki' in to) {
    const { url, tenant } = to.loki;
    return {
      name: 'otlphttp/loki',
      exporter: {
        endpoint: new URL('/otlp', url).href,
        ...(tenant !== undefined && { headers: { 'X-Scope-OrgID': tenant } }),
        sending_queue: queue,
        retry_on_failure: retry,
      },
    };
  }
  const { url, apiKey } = to.elasticsearch;
  return {
    name: 'elasticsearch',
    exporter: {
      endpoints: [new URL(url).origin],
      // Read from the mounted file: in the manifest, whoever reads it would have the key.
      ...(apiKey !== undefined && { api_key: `\${file:${collectorPaths.secrets}/${apiKey.key}}` }),
      sending_queue: queue,
      retry: { enabled: true, max_retries: 1000 },
    },
  };
}

/** As a text in OTTL. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/** Each character as itself in a regular expression. */
function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
