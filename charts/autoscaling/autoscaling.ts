import type { Construct } from 'constructs';
import { parseInput } from '../config/parse';
import { cpuAutoscalingWithMinimum, inFlightAutoscalingWithMinimum, replicas } from '../config/schema/parts';
import type { CpuAutoscalingInput, InFlightAutoscalingInput } from '../config/types';
import type { WorkloadRef } from '../kit/workload-ref';
import { CpuAutoscaler } from './cpu-autoscaler';
import { DisruptionBudget } from './disruption-budget';
import { InFlightAutoscaler } from './in-flight-autoscaler';

/** Who decides how many pods run. Replace it by a subclass of your own, or choose one of those here. */
export abstract class Autoscaling {
  /** For the compiler only: by shape alone, one part could stand for another. */
  declare protected readonly part: 'autoscaling';

  /** A HorizontalPodAutoscaler that follows the gateway container's CPU. */
  static cpu(input: CpuAutoscalingInput = {}): Autoscaling {
    return new ByCpu(input);
  }

  /**
   * A ScaledObject of KEDA that follows the requests in progress, and the gateway container's CPU where that asks for more.
   *
   * @throws InvalidInput where the input is not valid.
   */
  static inFlight(input: InFlightAutoscalingInput): Autoscaling {
    return new ByInFlight(input);
  }

  /**
   * The same number at any time, stated in the Deployment.
   *
   * @param count 1 to 1000.
   * @throws InvalidInput for another number.
   */
  static fixed(count: number): Autoscaling {
    return new Fixed(parseInput(replicas, count, 'Autoscaling.fixed'));
  }

  /** Pods at any time; the spread over zones depends on it. */
  abstract readonly minReplicas: number;
  /** Pods at most. Each of them is sure of this part of every limit while a shared store is away. */
  abstract readonly maxReplicas: number;
  /** What the Deployment states; undefined where something else owns the number, since the two would fight. */
  abstract readonly statedReplicas: number | undefined;

  /** Adds the objects that scale the workload and that bound its disruption. */
  abstract attach(scope: Construct, workload: WorkloadRef): void;
}

class ByCpu extends Autoscaling {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly statedReplicas = undefined;
  private readonly settings;

  constructor(input: CpuAutoscalingInput) {
    super();
    this.settings = parseInput(cpuAutoscalingWithMinimum, input, 'Autoscaling.cpu');
    this.minReplicas = this.settings.minReplicas;
    this.maxReplicas = this.settings.maxReplicas;
  }

  override attach(scope: Construct, workload: WorkloadRef): void {
    new CpuAutoscaler(scope, 'autoscaler', { workload, ...this.settings });
    new DisruptionBudget(scope, 'disruption-budget', workload);
  }
}

class ByInFlight extends Autoscaling {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly statedReplicas = undefined;
  private readonly settings;

  constructor(input: InFlightAutoscalingInput) {
    super();
    this.settings = parseInput(inFlightAutoscalingWithMinimum, input, 'Autoscaling.inFlight');
    this.minReplicas = this.settings.minReplicas;
    this.maxReplicas = this.settings.maxReplicas;
  }

  override attach(scope: Construct, workload: WorkloadRef): void {
    new InFlightAutoscaler(scope, 'autoscaler', { workload, ...this.settings });
    new DisruptionBudget(scope, 'disruption-budget', workload);
  }
}

class Fixed extends Autoscaling {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly statedReplicas: number;

  constructor(count: number) {
    super();
    this.minReplicas = this.maxReplicas = this.statedReplicas = count;
  }

  override attach(scope: Construct, workload: WorkloadRef): void {
    new DisruptionBudget(scope, 'disruption-budget', workload);
  }
}
