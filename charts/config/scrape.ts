/** How Prometheus comes to know the gateway's pods. */
export interface Scrape {
  readonly kind: 'service-monitor' | 'pod-monitor' | 'plain';
}

/** One way each; the rules and dashboards are the same for all. */
export const Scrape = {
  /** A ServiceMonitor of the Prometheus operator, and the rules as its PrometheusRule. */
  serviceMonitor: (): Scrape => ({ kind: 'service-monitor' }),

  /** A PodMonitor of the Prometheus operator, for a Prometheus that does not read Services; PrometheusRule as well. */
  podMonitor: (): Scrape => ({ kind: 'pod-monitor' }),

  /**
   * No operator: a ConfigMap with `scrape.yaml` and `rules.yaml`, for the fields `scrape_config_files` and `rule_files`
   * of a Prometheus that finds pods by itself.
   */
  plain: (): Scrape => ({ kind: 'plain' }),
};
