import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { parseInput } from '../config/parse';
import { monitoring } from '../config/schema/monitoring';
import type { MonitoringInput } from '../config/monitoring-types';
import { metadataOf } from '../kit/identity';
import { addOperatorObject } from '../kit/operator-object';
import type { WorkloadRef } from '../kit/workload-ref';
import { alertRoutes } from './alert-routes';
import { addDashboards } from './dashboards/config-maps';
import { plainFiles } from './plain-files';
import { alertsOf, prometheusGroups } from './rule-groups';
import { type ScrapeAccess, scrapeObject } from './scrape-objects';

/** Who watches the gateway. Replace it by a subclass of your own, or choose one of the two here. */
export abstract class Monitoring {
  /** For the compiler only: by shape alone, one part could stand for another. */
  declare protected readonly part: 'monitoring';

  /**
   * Prometheus: what it scrapes, what it computes, and who hears of it.
   *
   * @throws InvalidInput where the input is not valid, an expression of a custom alert included.
   */
  static prometheus(input: MonitoringInput = {}): Monitoring {
    return new Prometheus(input);
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

class None extends Monitoring {
  override attach(): void {
    // Nothing watches.
  }
}

class Prometheus extends Monitoring {
  private readonly settings;

  constructor(input: MonitoringInput) {
    super();
    this.settings = parseInput(monitoring, input, 'Monitoring.prometheus');
  }

  override attach(scope: Construct, workload: WorkloadRef, entry: ScrapeAccess): void {
    const { scrape, alerting, dashboards } = this.settings;
    const groups = prometheusGroups(workload, this.settings);
    if (scrape.kind === 'plain') {
      new k8s.KubeConfigMap(scope, 'prometheus', {
        metadata: this.metadata(workload, 'prometheus'),
        data: plainFiles(workload, this.settings, entry, groups),
      });
    } else {
      const metadata = this.metadata(workload);
      addOperatorObject(scope, 'scrape', scrapeObject(workload, metadata, this.settings, entry));
      addOperatorObject(scope, 'rules', new PrometheusRule({ metadata, spec: { groups } }));
    }
    if (alerting !== undefined) {
      const alerts = alertsOf(workload, this.settings);
      addOperatorObject(scope, 'routes', alertRoutes(workload, this.metadata(workload), alerting, alerts));
    }
    if (dashboards.kind === 'grafana') {
      const metadata = (suffix: string) => this.metadata(workload, suffix);
      addDashboards(new Construct(scope, 'dashboards'), workload, this.settings, metadata);
    }
  }

  private metadata(workload: WorkloadRef, suffix?: string) {
    const metadata = metadataOf(workload, suffix);
    return { ...metadata, labels: { ...metadata.labels, ...this.settings.labels } };
  }
}
