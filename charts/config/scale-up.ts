/** How fast an autoscaler adds pods: whichever of the two adds more, in each period. The arithmetic of a failover rests on it. */
export const scaleUp = { percent: 100, pods: 4, periodSeconds: 30 } as const;
