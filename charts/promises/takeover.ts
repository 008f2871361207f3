import { scaleUp } from '../config/scale-up';

/** A region that stood by takes over the whole load. */
export interface Takeover {
  /** From the first client that comes until as many pods are there as the load needs. */
  readonly rampSeconds: number;
  /** Time of a total outage that its overload amounts to: half of the load refused for 10 s counts as 5 s. */
  readonly overloadSeconds: number;
}

export interface TakeoverInput {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Pods that the load needs. */
  readonly neededPods: number;
  /** Clients come as their resolvers forget the lost region, evenly over this time. */
  readonly arrivalSeconds: number;
}

/** Until the autoscaler has seen the load in its metrics (one scrape and one turn of 15 s each) and the first pods are ready. */
const reactionSeconds = 35;

/** Where the pods never suffice, the overload lasts; this is how much of it is counted. */
const longestSeconds = 900;

/**
 * Second by second, since neither the load nor the pods grow by a formula worth trusting. The autoscaler is taken to
 * want more as long as the load asks for more, which it does: pods under it are far above their target.
 */
export function takeover(input: TakeoverInput): Takeover {
  const { minReplicas, maxReplicas, neededPods, arrivalSeconds } = input;
  let overloadSeconds = 0;
  let rampSeconds = 0;
  for (let second = 0; second < longestSeconds; second += 1) {
    const wanted = neededPods * Math.min(1, (second + 1) / Math.max(1, arrivalSeconds));
    const there = podsAfter(second, minReplicas, Math.min(maxReplicas, neededPods));
    if (there < wanted) {
      overloadSeconds += (wanted - there) / neededPods;
      rampSeconds = second + 1;
    }
  }
  return { rampSeconds, overloadSeconds };
}

/** The fewest pods standing by that are never overloaded. */
export function replicasForTakeover(input: Omit<TakeoverInput, 'minReplicas' | 'maxReplicas'>): number {
  const maxReplicas = input.neededPods;
  let [tooFew, enough] = [0, input.neededPods];
  while (enough - tooFew > 1) {
    const minReplicas = Math.floor((tooFew + enough) / 2);
    if (takeover({ ...input, minReplicas, maxReplicas }).overloadSeconds > 0) tooFew = minReplicas;
    else enough = minReplicas;
  }
  return enough;
}

function podsAfter(second: number, minReplicas: number, most: number): number {
  if (second < reactionSeconds) return minReplicas;
  const periods = 1 + Math.floor((second - reactionSeconds) / scaleUp.periodSeconds);
  let pods = minReplicas;
  for (let period = 0; period < periods && pods < most; period += 1) {
    pods += Math.max(scaleUp.pods, Math.ceil((pods * scaleUp.percent) / 100));
  }
  return Math.max(minReplicas, Math.min(pods, most));
}
