import type { Construct } from 'constructs';
import { metrics } from '../../gateway-app/contract/metrics';
import { ScaledObject, ScaledObjectSpecFallbackBehavior } from '../../imports/scaledobject-keda.sh';
import type { InFlightAutoscaling } from '../config/schema/parts';
import { metadataOf } from '../kit/identity';
import { knownMetrics } from '../kit/known-metrics';
import { latest, seriesOf, sum } from '../kit/promql';
import { faultsOf } from '../kit/promql-check';
import { SynthError } from '../kit/synth-error';
import type { WorkloadRef } from '../kit/workload-ref';
import { behavior } from './behavior';

export interface InFlightAutoscalerProps extends InFlightAutoscaling {
  readonly workload: WorkloadRef;
}

/** How often KEDA asks: as often as the pods are scraped by default. */
const pollingSeconds = 15;
/** Questions in a row without an answer until the fallback holds. */
const failureThreshold = 3;

/**
 * Pods follow the requests in progress, and CPU where that asks for more: an HorizontalPodAutoscaler that KEDA makes and feeds.
 *
 * While Prometheus does not answer, or answers nothing, the number of pods stays; CPU alone may raise it.
 */
export class InFlightAutoscaler extends ScaledObject {
  constructor(scope: Construct, id: string, props: InFlightAutoscalerProps) {
    const { workload, minReplicas, maxReplicas, targetCpuPercent, inFlight } = props;
    const metadata = metadataOf(workload);
    super(scope, id, {
      // Takes over the autoscaler of this name where one scaled by CPU before, without a moment in which none does.
      metadata: { ...metadata, annotations: { 'scaledobject.keda.sh/transfer-hpa-ownership': 'true' } },
      spec: {
        scaleTargetRef: { apiVersion: workload.apiVersion, kind: workload.kind, name: workload.name },
        minReplicaCount: minReplicas,
        maxReplicaCount: maxReplicas,
        pollingInterval: pollingSeconds,
        fallback: {
          failureThreshold,
          replicas: minReplicas,
          // Else an outage of Prometheus would take pods away under full load.
          behavior: ScaledObjectSpecFallbackBehavior.CURRENT_REPLICAS_IF_HIGHER,
        },
        // By the gateway's name, as the alerts know it, and not keda-hpa-NAME.
        advanced: { horizontalPodAutoscalerConfig: { name: metadata.name, behavior } },
        triggers: [
          {
            type: 'prometheus',
            name: 'in-flight',
            metricType: 'AverageValue',
            metadata: {
              serverAddress: inFlight.prometheus,
              query: inFlightQuery(workload),
              threshold: String(inFlight.perPod),
              // No series is no load only to KEDA: the gateway is not scraped, and the fallback must hold.
              ignoreNullValues: 'false',
            },
          },
          {
            type: 'cpu',
            metricType: 'Utilization',
            metadata: { containerName: workload.containerName, value: String(targetCpuPercent) },
          },
        ],
      },
    });
  }
}

/** @throws SynthError where it is no PromQL: KEDA would say so in the cluster only, and scale by CPU alone. */
function inFlightQuery(workload: WorkloadRef): string {
  const query = sum(latest(seriesOf(workload, metrics.activeRequests)));
  const [fault] = faultsOf(query, { known: knownMetrics(), retentionSeconds: Infinity });
  if (fault === undefined) return query;
  throw new SynthError(`${query} ${fault.rule}.`, 'The pods would not follow the requests.', fault.fix);
}
