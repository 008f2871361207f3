import type { LimitName, LimitScope } from '../../contract/metrics';
import type { Level, Refusal } from './limit-store';

/** Collects what each limit says of one claim. */
export class Verdict {
  refusal: Refusal | undefined;
  requests: Level | undefined;
  tokens: Level | undefined;

  /** Of several that refuse, the one that does so longest is named: only its wait is long enough for all. */
  refuse(limit: LimitName, scope: LimitScope, waitMs: number | undefined): void {
    const longest = this.refusal;
    if (longest !== undefined && (longest.waitMs === undefined || (waitMs ?? Infinity) <= longest.waitMs))
      return;
    this.refusal = { limit, scope, waitMs };
  }

  /** Of both scopes the client is told of the one that will stop it first. */
  tell(bucket: 'requests' | 'tokens', level: Level): void {
    const tightest = this[bucket];
    if (tightest === undefined || level.remaining < tightest.remaining) this[bucket] = level;
  }
}
