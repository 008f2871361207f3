/** A mapping as YAML gives it. */
export type Fields = Record<string, unknown>;

/** What a test changes: the field's path, and its new value (undefined takes the field out). */
export type Changes = Readonly<Record<string, unknown>>;

/**
 * The object itself, with its fields changed. A path is written `spec.containers[0].image`, and a key with dots in it
 * `labels["app.kubernetes.io/name"]`.
 *
 * @throws Error for a path whose parent does not exist: the test would otherwise change nothing, and pass.
 */
export function withChanges(object: Fields, changes: Changes): Fields {
  for (const [path, value] of Object.entries(changes)) {
    const keys = [...path.matchAll(/\["([^"]+)"\]|([^.[\]]+)/g)].map(
      ([, quoted, plain]) => quoted ?? plain ?? '',
    );
    const last = keys.pop();
    const parent = keys.reduce<unknown>((field, key) => (field as Fields | undefined)?.[key], object);
    if (last === undefined || typeof parent !== 'object' || parent === null) {
      throw new Error(`${path} has no parent in the manifest`);
    }
    if (value === undefined && Array.isArray(parent)) parent.splice(Number(last), 1);
    else if (value === undefined) Reflect.deleteProperty(parent, last);
    else (parent as Fields)[last] = value;
  }
  return object;
}
