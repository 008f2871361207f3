import type { Translate } from '../core/provider-call';
import type { Timings } from '../core/timings';
import type { UpstreamClient } from '../core/upstream';

/** How to ask one provider. */
export interface Provider {
  readonly translate: Translate;
  readonly client: UpstreamClient;
  readonly deadlines: Timings['upstream'];
}
