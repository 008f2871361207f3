/** A promise, and whether the environment can keep it. */
export interface PromiseCheck {
  /** Stable name. */
  readonly id: PromiseId;
  /** Names of the regions that it is about, all alike; empty where it is about the deployment as a whole. */
  readonly regions: readonly string[];
  readonly holds: boolean;
  /** What was computed, in one sentence with its numbers. */
  readonly figures: string;
  /** The change of the input that makes it hold; undefined where it holds. */
  readonly change?: string;
}

/** What is promised, by what it is about. */
export const promiseIds = {
  'limits-admit-load': 'The limits that all clients share admit the load',
  'load-in-one-region': 'Each region can bear the whole load alone',
  'failover-within-budget': 'A lost region leaves some of the error budget',
  'takeover-without-overload': 'A region that stood by takes over without being overloaded',
  'zone-loss': 'Pods serve on when a zone is lost',
  'zone-loss-at-peak': 'The pods that are left bear the whole load when a zone is lost',
} as const;

export type PromiseId = keyof typeof promiseIds;

/** Regions of which the same is to be said are told together. */
export function merged(checks: readonly PromiseCheck[]): PromiseCheck[] {
  const byText = new Map<string, PromiseCheck>();
  for (const check of checks) {
    const key = JSON.stringify({ ...check, regions: [] });
    const regions = [...(byText.get(key)?.regions ?? []), ...check.regions];
    byText.set(key, { ...check, regions });
  }
  return [...byText.values()];
}

/** `0.1` for a tenth, without binary noise. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** `1,000,000`. */
export function grouped(value: number): string {
  return String(rounded(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
