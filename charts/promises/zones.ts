/** How many pods a region has, and where they may stand. */
export interface Spread {
  readonly replicas: number;
  readonly zones: number;
  readonly lostZones: number;
}

/**
 * Pods that surely serve on when zones are lost. With fewer pods than zones the spread is a wish only, so all of them may
 * stand in one zone; else no zone has more than its even share.
 */
export function survivors({ replicas, zones, lostZones }: Spread): number {
  if (lostZones === 0) return replicas;
  if (lostZones >= zones || replicas < zones) return 0;
  const inFullest = Math.ceil(replicas / zones);
  const full = replicas % zones === 0 ? zones : replicas % zones;
  const lostFull = Math.min(lostZones, full);
  return replicas - lostFull * inFullest - (lostZones - lostFull) * Math.floor(replicas / zones);
}

/** The fewest pods of which as many as `needed` survive; undefined where no number does. */
export function replicasToKeep(
  needed: number,
  { zones, lostZones }: Omit<Spread, 'replicas'>,
): number | undefined {
  if (lostZones >= zones) return undefined;
  // A little below what an even split needs, then up: with uneven zones it takes a few more.
  let replicas = Math.max(needed, Math.floor((needed * zones) / (zones - lostZones)) - zones);
  while (survivors({ replicas, zones, lostZones }) < needed) replicas += 1;
  return replicas;
}
