import type { PolicySettings } from './config/schema/policy-settings';
import { SynthError } from './kit/synth-error';
import { validateManifests } from './policy/validate-manifests';
import { formatViolation } from './policy/violation';
import type { ManifestFolder } from './synthesize';

/**
 * Judges finished manifests before anything is written.
 *
 * @throws SynthError with everything that is wrong with them, at once.
 */
export function judge(folders: readonly ManifestFolder[], policy: PolicySettings = { exceptions: [] }): void {
  const faults = folders.flatMap(({ name, manifests }) =>
    validateManifests(manifests, policy).map((violation) => `\n  ${name}: ${formatViolation(violation)}`),
  );
  if (faults.length === 0) return;
  throw new SynthError(
    `The manifests break ${faults.length} rule${faults.length === 1 ? '' : 's'}:${faults.join('')}\n`,
    'No manifest is written.',
    'see each line',
  );
}
