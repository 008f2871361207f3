import { SynthError } from './kit/synth-error';
import { referenceTo, type Manifest } from './policy/manifest';
import { formatReference, formatViolation, validateManifests } from './policy/validate-manifests';
import type { ManifestFolder } from './synthesize';

/**
 * Judges finished manifests before anything is written.
 *
 * @throws SynthError with everything that is wrong with them, at once.
 */
export function judge(folders: readonly ManifestFolder[]): void {
  const faults = folders.flatMap(({ name, manifests }) =>
    [...duplicates(manifests), ...validateManifests(manifests).map(formatViolation)].map(
      (fault) => `\n  ${name}: ${fault}`,
    ),
  );
  if (faults.length === 0) return;
  throw new SynthError(
    `The manifests break ${faults.length} rule${faults.length === 1 ? '' : 's'}:${faults.join('')}\n`,
    'No manifest is written.',
    'see each line',
  );
}

/** cdk8s lets two objects of one identity pass, and the second would overwrite the first in the cluster. */
function duplicates(manifests: readonly Manifest[]): string[] {
  const seen = new Set<string>();
  return manifests.flatMap((manifest) => {
    const { apiVersion, kind, namespace, name } = referenceTo(manifest);
    // Versions of one group are views of one object.
    const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
    const identity = JSON.stringify([group, kind, namespace, name]);
    if (!seen.has(identity)) {
      seen.add(identity);
      return [];
    }
    return `${formatReference(referenceTo(manifest))} is defined twice, and the second would overwrite the first. Give one of them another name.`;
  });
}
