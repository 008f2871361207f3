import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { validate } from '../../gateway-app/contract/validate';
import { policySettings, type PolicySettings } from '../config/schema/policy-settings';

/** JSON, but without an extension: `kubectl apply -f FOLDER` takes every `.json` for a manifest. */
export const settingsFile = '.policy-settings';

/**
 * By what a folder is to be judged: the settings that lie in it, or else in the folder above it.
 *
 * @throws InvalidInput where the file holds anything else than settings, with all problems at once.
 * @throws Error where it is no JSON.
 */
export function settingsFor(folder: string): PolicySettings {
  const path = [folder, dirname(resolve(folder))]
    .map((place) => join(place, settingsFile))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) return { exceptions: [] };
  return validate(policySettings, readJson(path), path, 'Nothing is judged.');
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${path} is not valid JSON, so the policy judged nothing: ${message}. Correct or remove it.`,
    );
  }
}
