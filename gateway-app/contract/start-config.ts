import type { RuntimeConfig } from './runtime-config';

/** What the gateway reads at its start only: a reload that changes any of it is refused, and needs new pods. */
export function startConfigOf({ store, audit, tls }: RuntimeConfig): Pick<RuntimeConfig, 'store' | 'tls'> & {
  readonly auditSink: RuntimeConfig['audit']['sink'];
} {
  return { store, ...(tls !== undefined && { tls }), auditSink: audit.sink };
}
