/** Of an environment: the minimum is each region's `replicas`. By CPU, or with `inFlight` by the requests in progress as well. */
export type AutoscalingInput = Omit<CpuAutoscalingInput, 'minReplicas'> &
  Partial<Pick<InFlightAutoscalingInput, 'inFlight'>>;

/** Pods follow CPU. Memory is no signal here: it grows with use and hardly shrinks, so pods would only be added. */
export interface CpuAutoscalingInput {
  /** Pods at any time, 1 or more. @default 2 (minReplicas) */
  readonly minReplicas?: number;
  /** Pods at most, not below `minReplicas`. @default 20 (maxReplicas) */
  readonly maxReplicas?: number;
  /** Share of the gateway container's CPU request to aim at, 1 to 100 percent. @default 70 (targetCpuPercent) */
  readonly targetCpuPercent?: number;
}

/**
 * Pods follow the requests in progress, which rise as soon as a provider slows down, and CPU where that asks for more.
 * Needs KEDA 2.17 or newer in the cluster.
 *
 * @see https://keda.sh/docs/latest/scalers/prometheus/
 */
export interface InFlightAutoscalingInput extends CpuAutoscalingInput {
  /** The signal, and where it is asked for. */
  readonly inFlight: {
    /** Requests in progress that one pod should carry on average, streams included, 1 to 100000. @default 500 (inFlightPerPod) */
    readonly perPod?: number;
    /** Address of the Prometheus that scrapes the gateway, e.g. `http://prometheus-operated.monitoring.svc:9090`. */
    readonly prometheus: string;
  };
}
