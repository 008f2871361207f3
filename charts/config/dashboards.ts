/** What people look at. */
export interface Dashboards {
  readonly kind: 'grafana' | 'none';
}

export const Dashboards = {
  /** Five of Grafana, each a ConfigMap that its sidecar finds by the label `grafana_dashboard`. */
  grafana: (): Dashboards => ({ kind: 'grafana' }),

  /** None, or your own. */
  none: (): Dashboards => ({ kind: 'none' }),
};
