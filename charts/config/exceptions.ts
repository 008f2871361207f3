import { checkIds, type CheckId } from './check-ids';

/**
 * Situations with a name of their own, and the checks that each of them excuses.
 *
 * `image-unreleased`: no release has been built yet, so the image has neither a digest nor a registry.
 */
export const situations = {
  'image-unreleased': ['image-tag-and-digest', 'image-registry'],
} as const satisfies Readonly<Record<string, readonly CheckId[]>>;

/** What cannot be read, or would be overwritten, no reason makes right. */
const inexcusable = ['well-formed', 'unique-objects'] as const;

/** What an exception may name: a check, or a situation. */
export type ExceptionId = keyof typeof situations | Exclude<CheckId, (typeof inexcusable)[number]>;

export const exceptionIds: readonly ExceptionId[] = [
  ...(Object.keys(situations) as (keyof typeof situations)[]),
  ...checkIds.filter((id): id is Exclude<CheckId, (typeof inexcusable)[number]> => !isInexcusable(id)),
];

/** The checks that an exception of this id excuses. */
export function excusedBy(id: ExceptionId): readonly CheckId[] {
  return id in situations ? situations[id as keyof typeof situations] : [id as CheckId];
}

/** The day of a point in time, as an exception's `expires` is written. */
export function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

function isInexcusable(id: CheckId): boolean {
  return (inexcusable as readonly CheckId[]).includes(id);
}
