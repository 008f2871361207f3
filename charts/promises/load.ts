import type { Promises } from '../config/schema/promises';
import { cpuMillis } from '../config/units';
import type { Cpu } from 'cdk8s-plus-28';

/** The promised load, and how many pods bear it. */
export interface Load {
  readonly requestsPerSecond: number;
  /** Those that are open at any moment. */
  readonly openStreams: number;
  readonly chunksPerSecond: number;
  /** CPU time that all of it takes, in cores. */
  readonly cores: number;
  /** Cores of one pod that may be busy before the promised latency is at risk. */
  readonly coresPerPod: number;
  readonly pods: number;
}

/** One process, one core: more of a limit goes to the collector of garbage and to TLS of new connections. */
const mostCores = 1;

export function loadOf(promises: Promises, cpuLimit: Cpu): Load {
  const { requestsPerSecond, streamDuration, tokensPerSecond, capacity } = promises;
  const openStreams = requestsPerSecond * (streamDuration.toMilliseconds() / 1000);
  const chunksPerSecond = openStreams * tokensPerSecond;
  const micros = requestsPerSecond * capacity.requestCpuMicros + chunksPerSecond * capacity.chunkCpuMicros;
  const coresPerPod = (Math.min(mostCores, cpuMillis(cpuLimit) / 1000) * capacity.busyPercent) / 100;
  const cores = micros / 1e6;
  return {
    requestsPerSecond,
    openStreams,
    chunksPerSecond,
    cores,
    coresPerPod,
    pods: podsFor(cores, coresPerPod),
  };
}

/** Without the noise of binary fractions, which would ask for a pod more. */
function podsFor(cores: number, coresPerPod: number): number {
  return Math.ceil(Number((cores / coresPerPod).toFixed(9)));
}
