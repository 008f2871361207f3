import { parse } from 'yaml';
import { InvalidInput } from '../gateway-app/contract/validate';
import type { EnvironmentInput, RegionInput } from './config/types';
import { SynthError } from './kit/synth-error';
import { type Manifest, referenceTo } from './policy/manifest';
import { synthesize } from './synthesize';

/** One field in which the manifests of two regions differ. */
export interface RegionDifference {
  /** `HorizontalPodAutoscaler ai-gateway`. */
  readonly object: string;
  /** Empty where only one region has the object. */
  readonly path: string;
  readonly left: unknown;
  readonly right: unknown;
  /** Fields of the two regions' input that make it differ, each alone. */
  readonly causes: readonly string[];
}

/**
 * What differs between two regions' manifests, and which input makes it differ. The causes are found out, not known: one
 * field after the other is exchanged between the two regions, and what changes in either follows from it.
 *
 * @param left Name of a region, or its key in `regions`.
 * @throws SynthError where the environment has no such region.
 * @throws InvalidInput where the environment is not valid.
 */
export function regionDifferences(input: EnvironmentInput, left: string, right: string): RegionDifference[] {
  const [leftKey, rightKey] = [keyOf(input, left), keyOf(input, right)];
  const [here, there] = fieldsOf(input, leftKey, rightKey);
  const changedBy = fieldsIn(input, leftKey, rightKey).map((field) => {
    const exchanged = fieldsIfValid(exchange(input, leftKey, rightKey, field), leftKey, rightKey);
    // On both sides: what only one region has can be seen to change there only.
    const changed = exchanged?.flatMap((fields, side) => differing(side === 0 ? here : there, fields));
    return { field, changed: new Set(changed) };
  });
  return differing(here, there).map((place) => {
    const [object = '', path = ''] = place.split('\n');
    return {
      object,
      path,
      left: here.get(place),
      right: there.get(place),
      causes: changedBy.filter(({ changed }) => changed.has(place)).map(({ field }) => field),
    };
  });
}

function keyOf({ regions }: EnvironmentInput, name: string): string {
  const found = Object.entries(regions).find(([key, { region }]) => key === name || region === name);
  if (found !== undefined) return found[0];
  throw new SynthError(
    `${name} is no region of the environment.`,
    'Nothing is compared.',
    `give two of ${Object.values(regions)
      .map(({ region }) => region)
      .join(', ')}`,
  );
}

function fieldsIn({ regions }: EnvironmentInput, left: string, right: string): (keyof RegionInput)[] {
  return [
    ...new Set([left, right].flatMap((key) => Object.keys(regions[key] ?? {})) as (keyof RegionInput)[]),
  ];
}

/** Exchanged and not copied: no two regions may have the same name or priority. */
function exchange(
  input: EnvironmentInput,
  left: string,
  right: string,
  field: keyof RegionInput,
): EnvironmentInput {
  const [leftRegion, rightRegion] = [input.regions[left], input.regions[right]];
  return {
    ...input,
    regions: {
      ...input.regions,
      [left]: { ...leftRegion, [field]: rightRegion?.[field] } as RegionInput,
      [right]: { ...rightRegion, [field]: leftRegion?.[field] } as RegionInput,
    },
  };
}

/** Some fields cannot change alone, e.g. more replicas than the maximum that stays. */
function fieldsIfValid(input: EnvironmentInput, left: string, right: string): [Fields, Fields] | undefined {
  try {
    return fieldsOf(input, left, right);
  } catch (error) {
    if (error instanceof InvalidInput) return undefined;
    throw error;
  }
}

/** Every scalar of a region's manifests by its place: the object, a line break, the path. */
type Fields = ReadonlyMap<string, unknown>;

function fieldsOf(input: EnvironmentInput, left: string, right: string): [Fields, Fields] {
  const { folders } = synthesize(input);
  const keys = Object.keys(input.regions);
  const scalarsOf = (key: string): Fields => {
    const fields = new Map<string, unknown>();
    const manifests = folders[keys.indexOf(key)]?.manifests ?? [];
    for (const manifest of manifests) collect(fields, `${nameOf(manifest)}\n`, manifest);
    return fields;
  };
  return [scalarsOf(left), scalarsOf(right)];
}

function nameOf(manifest: Manifest): string {
  const { kind, name } = referenceTo(manifest);
  return `${kind} ${name}`;
}

function collect(fields: Map<string, unknown>, place: string, value: unknown): void {
  if (typeof value === 'string' && place.endsWith('.yaml')) {
    collect(fields, `${place}:`, parse(value));
  } else if (typeof value === 'object' && value !== null) {
    const separator = /[\n:]$/.test(place) ? '' : '.';
    for (const [key, inner] of Object.entries(value)) {
      collect(fields, `${place}${separator}${key}`, inner);
    }
  } else fields.set(place, value);
}

function differing(left: Fields, right: Fields): string[] {
  return [...new Set([...left.keys(), ...right.keys()])].filter(
    (place) => left.get(place) !== right.get(place),
  );
}
