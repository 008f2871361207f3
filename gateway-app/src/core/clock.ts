/** Milliseconds that only grow. Durations are differences of it, so a corrected wall clock bends none of them. */
export type Clock = () => number;

export const monotonicClock: Clock = () => performance.now();
