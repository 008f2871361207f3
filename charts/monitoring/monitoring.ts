import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import type { Construct } from 'constructs';
import { httpPaths } from '../../gateway-app/contract/paths';
import { parseInput } from '../config/parse';
import { monitoring } from '../config/schema/monitoring';
import type { MonitoringInput } from '../config/monitoring-types';
import type { EntryEffects } from '../kit/entry-effects';
import { metadataOf } from '../kit/identity';
import { addOperatorObject } from '../kit/operator-object';
import type { WorkloadRef } from '../kit/workload-ref';
import { ruleGroups } from './rule-groups';

/** Who watches the gateway. Replace it by a subclass of your own, or choose one of the two here. */
export abstract class Monitoring {
  /** For the compiler only: by shape alone, one part could stand for another. */
  declare protected readonly part: 'monitoring';

  /**
   * A ServiceMonitor and a PrometheusRule.
   *
   * @throws InvalidInput where the input is not valid, an expression of a custom alert included.
   */
  static prometheusOperator(input: MonitoringInput = {}): Monitoring {
    return new PrometheusOperator(input);
  }

  /** For a cluster whose Prometheus is told by other means; nobody is paged by us. */
  static none(): Monitoring {
    return new None();
  }

  /**
   * Adds the objects that watch the workload.
   *
   * @param entry What Prometheus must show to be let in.
   */
  abstract attach(scope: Construct, workload: WorkloadRef, entry: ScrapeAccess): void;
}

type ScrapeAccess = Pick<EntryEffects, 'scrapeCertificateFolder'>;

class None extends Monitoring {
  override attach(): void {
    // Nothing watches.
  }
}

/** Prometheus' own default. A timeout above the interval is refused by it, so a shorter interval shortens this. */
const scrapeTimeoutSeconds = 10;

class PrometheusOperator extends Monitoring {
  private readonly settings;

  constructor(input: MonitoringInput) {
    super();
    this.settings = parseInput(monitoring, input, 'Monitoring.prometheusOperator');
  }

  override attach(scope: Construct, workload: WorkloadRef, entry: ScrapeAccess): void {
    addOperatorObject(scope, 'scrape', this.serviceMonitor(workload, entry));
    addOperatorObject(scope, 'rules', this.prometheusRule(workload));
  }

  private metadata(workload: WorkloadRef) {
    const metadata = metadataOf(workload);
    return { ...metadata, labels: { ...metadata.labels, ...this.settings.labels } };
  }

  private serviceMonitor(
    workload: WorkloadRef,
    { scrapeCertificateFolder: folder }: ScrapeAccess,
  ): ServiceMonitor {
    const intervalSeconds = this.settings.scrapeInterval.toSeconds();
    return new ServiceMonitor({
      metadata: this.metadata(workload),
      spec: {
        selector: { matchLabels: { ...workload.podLabels } },
        endpoints: [
          {
            port: workload.ports.admin.name,
            path: httpPaths.metrics,
            interval: `${intervalSeconds}s`,
            scrapeTimeout: `${Math.min(scrapeTimeoutSeconds, intervalSeconds)}s`,
            ...(folder === undefined ? {} : byMeshCertificate(folder)),
          },
        ],
      },
    });
  }

  private prometheusRule(workload: WorkloadRef): PrometheusRule {
    return new PrometheusRule({
      metadata: this.metadata(workload),
      spec: { groups: ruleGroups(workload, this.settings) },
    });
  }
}

/** A certificate of the mesh names a service account and no host, so only its authority can be checked. */
function byMeshCertificate(folder: string) {
  return {
    scheme: 'https',
    tlsConfig: {
      caFile: `${folder}/root-cert.pem`,
      certFile: `${folder}/cert-chain.pem`,
      keyFile: `${folder}/key.pem`,
      insecureSkipVerify: true,
    },
  } as const;
}
