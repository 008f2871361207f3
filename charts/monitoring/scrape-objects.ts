import { PodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { httpPaths } from '../../gateway-app/contract/paths';
import type { Monitoring } from '../config/schema/monitoring';
import type { EntryEffects } from '../kit/entry-effects';
import type { OperatorModel } from '../kit/operator-object';
import { prometheusDuration } from '../kit/promql';
import { SynthError } from '../kit/synth-error';
import type { WorkloadRef } from '../kit/workload-ref';

/** Prometheus' own default. A timeout above the interval is refused by it, so a shorter interval shortens this. */
const scrapeTimeoutSeconds = 10;

/** What Prometheus must show to be let in. */
export type ScrapeAccess = Pick<EntryEffects, 'scrapeCertificateFolder'>;

/** A certificate of the mesh names a service account and no host, so only its authority can be checked. */
export function meshCertificate(folder: string) {
  return {
    caFile: `${folder}/root-cert.pem`,
    certFile: `${folder}/cert-chain.pem`,
    keyFile: `${folder}/key.pem`,
    insecureSkipVerify: true,
  };
}

/** How often, in Prometheus' own words. */
export function scrapeTimes({ scrapeInterval }: Pick<Monitoring, 'scrapeInterval'>) {
  return {
    interval: prometheusDuration(scrapeInterval),
    timeout: `${Math.min(scrapeTimeoutSeconds, scrapeInterval.toSeconds())}s`,
  };
}

/** What the scrape gives to every series, besides the labels that any scrape does. */
export function scrapeLabels({ region }: WorkloadRef, { scrape }: Pick<Monitoring, 'scrape'>): string[] {
  const byKind = { 'service-monitor': ['service', 'endpoint'], 'pod-monitor': ['endpoint'], plain: [] };
  return [...byKind[scrape.kind], ...(region === undefined ? [] : ['region'])];
}

/**
 * The operator's object that makes Prometheus scrape the pods. Its series have the labels `namespace` and `job`.
 *
 * @throws SynthError where the mesh asks for a certificate that this kind of object cannot name.
 */
export function scrapeObject(
  workload: WorkloadRef,
  metadata: object,
  settings: Pick<Monitoring, 'scrape' | 'scrapeInterval'>,
  { scrapeCertificateFolder: folder }: ScrapeAccess,
): OperatorModel {
  const { interval, timeout } = scrapeTimes(settings);
  const selector = { matchLabels: { ...workload.podLabels } };
  const endpoint = {
    port: workload.ports.admin.name,
    path: httpPaths.metrics,
    interval,
    scrapeTimeout: timeout,
    ...(workload.region === undefined
      ? {}
      : { relabelings: [{ targetLabel: 'region', replacement: workload.region }] }),
  };
  if (settings.scrape.kind === 'service-monitor') {
    const access =
      folder === undefined ? {} : { scheme: 'https' as const, tlsConfig: meshCertificate(folder) };
    return new ServiceMonitor({ metadata, spec: { selector, endpoints: [{ ...endpoint, ...access }] } });
  }
  if (folder !== undefined) {
    throw new SynthError(
      "Scrape.podMonitor() cannot name the mesh's certificate: it is a file beside Prometheus, and a PodMonitor knows Secrets only.",
      'Prometheus would be turned away.',
      'choose Scrape.serviceMonitor(), or MeshScrape.plainText() for the entry',
    );
  }
  return new PodMonitor({
    metadata,
    spec: {
      selector,
      // Without it the job would be called after the PodMonitor and its namespace, and no rule would find it.
      jobLabel: 'app.kubernetes.io/instance',
      podMetricsEndpoints: [endpoint],
    },
  });
}
