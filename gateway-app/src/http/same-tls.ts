import { isDeepStrictEqual } from 'node:util';
import type { TlsConfig } from '../../contract/runtime-config-tls';
import { InvalidInput } from '../../contract/validate';

/**
 * Checks that a new configuration leaves TLS as it is: the listener is open, and probes and balancers speak to it as before.
 * What the files hold may change.
 *
 * @throws InvalidInput where it does not.
 */
export function sameTls(old: TlsConfig | undefined, next: TlsConfig | undefined): void {
  if (isDeepStrictEqual(old, next)) return;
  const shown = (config: TlsConfig | undefined): string =>
    config === undefined ? 'absent' : JSON.stringify(config);
  const problem = {
    path: 'tls',
    value: shown(next),
    rule: `must stay ${shown(old)} while the process runs, for its listener is open already`,
    fix: 'restart the gateway, or undo the change; new certificates go into the same files',
  };
  throw new InvalidInput('The configuration', [problem], 'The old configuration stays in use.');
}
