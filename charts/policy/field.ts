/**
 * A value inside a manifest, with the JSON path that leads to it.
 *
 * Manifests come from anywhere, so nothing about their shape is assumed: a step to a key that is missing gives a field
 * without a value instead of an exception, and a step into a value of the wrong type is remembered in `mistyped`.
 * Otherwise a rule that forbids something would pass on a field that it could not read.
 */
export class Field {
  private constructor(
    /** For example `spec.template.spec.containers[0].image`; empty for the manifest itself. */
    readonly path: string,
    readonly value: unknown,
    private readonly wrongSteps: Map<string, Field>,
  ) {}

  static root(manifest: unknown): Field {
    return new Field('', manifest, new Map());
  }

  /** False where the key is missing or null: the API server treats both alike. */
  get isSet(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** The fields of this manifest, each once, that were stepped into as a mapping or list and are none. */
  get mistyped(): readonly Field[] {
    return [...this.wrongSteps.values()];
  }

  /** The value of a key of a mapping. */
  get(key: string): Field {
    const isPlainKey = /^[A-Za-z_][\w-]*$/.test(key);
    const path = isPlainKey ? (this.path === '' ? key : `${this.path}.${key}`) : `${this.path}["${key}"]`;
    if (!isMapping(this.value)) this.rememberWrongStep();
    const value = isMapping(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
    return new Field(path, value, this.wrongSteps);
  }

  /** The entries of a list. */
  get items(): readonly Field[] {
    if (Array.isArray(this.value)) {
      return this.value.map(
        (item: unknown, index) => new Field(`${this.path}[${index}]`, item, this.wrongSteps),
      );
    }
    this.rememberWrongStep();
    return [];
  }

  /** The keys of a mapping with their values. */
  get entries(): readonly (readonly [string, Field])[] {
    if (isMapping(this.value)) return Object.keys(this.value).map((key) => [key, this.get(key)]);
    this.rememberWrongStep();
    return [];
  }

  /** The same place without its value, for one that no report may print. */
  get hidden(): Field {
    return new Field(this.path, '(not shown)', this.wrongSteps);
  }

  private rememberWrongStep(): void {
    if (this.isSet) this.wrongSteps.set(this.path, this);
  }
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
