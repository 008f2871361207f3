import { stringify } from 'yaml';
import { httpPaths } from '../../gateway-app/contract/paths';
import type { Monitoring } from '../config/schema/monitoring';
import type { WorkloadRef } from '../kit/workload-ref';
import type { PrometheusGroup } from './rule-groups';
import { meshCertificate, type ScrapeAccess, scrapeTimes } from './scrape-objects';

/** For a Prometheus without the operator: what `scrape_config_files` and `rule_files` take. */
export function plainFiles(
  workload: WorkloadRef,
  settings: Pick<Monitoring, 'scrapeInterval'>,
  entry: ScrapeAccess,
  groups: readonly PrometheusGroup[],
): Record<'scrape.yaml' | 'rules.yaml', string> {
  return {
    'scrape.yaml': stringify({ scrape_configs: [scrapeConfig(workload, settings, entry)] }, { lineWidth: 0 }),
    'rules.yaml': stringify({ groups }, { lineWidth: 0 }),
  };
}

function scrapeConfig(
  { name, namespace, region, podLabels, ports }: WorkloadRef,
  settings: Pick<Monitoring, 'scrapeInterval'>,
  { scrapeCertificateFolder: folder }: ScrapeAccess,
) {
  const { interval, timeout } = scrapeTimes(settings);
  const labels = Object.entries(podLabels);
  const meta = (what: string) => `__meta_kubernetes_pod_${what.replace(/[^\w]/g, '_')}`;
  const copied = {
    namespace: '__meta_kubernetes_namespace',
    pod: meta('name'),
    container: meta('container_name'),
  };
  return {
    // By itself it must be the only one of its name in Prometheus; the label `job` is set below.
    job_name: `${namespace}/${name}`,
    scrape_interval: interval,
    scrape_timeout: timeout,
    metrics_path: httpPaths.metrics,
    ...(folder === undefined ? {} : { scheme: 'https', tls_config: tlsConfig(folder) }),
    kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: [namespace] } }],
    relabel_configs: [
      {
        action: 'keep',
        source_labels: labels.map(([label]) => meta(`label_${label}`)),
        regex: labels.map(([, value]) => value.replace(/\./g, '\\.')).join(';'),
      },
      { action: 'keep', source_labels: [meta('container_port_name')], regex: ports.admin.name },
      // A pod that has ended keeps its address for a while.
      { action: 'drop', source_labels: [meta('phase')], regex: 'Failed|Succeeded' },
      ...Object.entries(copied).map(([target, source]) => ({
        source_labels: [source],
        target_label: target,
      })),
      { target_label: 'job', replacement: name },
      ...(region === undefined ? [] : [{ target_label: 'region', replacement: region }]),
    ],
  };
}

function tlsConfig(folder: string) {
  const { caFile, certFile, keyFile, insecureSkipVerify } = meshCertificate(folder);
  return {
    ca_file: caFile,
    cert_file: certFile,
    key_file: keyFile,
    insecure_skip_verify: insecureSkipVerify,
  };
}
