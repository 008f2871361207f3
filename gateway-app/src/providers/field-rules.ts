import { GatewayError } from '../core/gateway-error';
import type { JsonObject } from '../core/upstream';

/** What becomes of one field of a request when it is rewritten from one dialect into another. */
export interface FieldRule {
  /**
   * `passed`: the same field with the same meaning. `translated`: said in other words. `dropped`: without it the answer
   * is the same. `refused`: without it the client would silently get something else than it asked for.
   */
  readonly fate: 'passed' | 'translated' | 'dropped' | 'refused';
  /** How, or why. The documentation and the error show it. */
  readonly note: string;
  /** Values that ask for what happens anyway: they are dropped where another value is refused. */
  readonly neutral?: readonly unknown[];
}

/**
 * Rules by the field's path, list positions left out: `messages[].name`. `.type=x` at the end is the rule for objects of
 * that type. A field without a rule is refused: nobody has decided yet what it means in the other dialect.
 */
export type FieldRules = Readonly<Record<string, FieldRule>>;

export const passed = (note: string): FieldRule => ({ fate: 'passed', note });
export const translated = (note: string): FieldRule => ({ fate: 'translated', note });
export const dropped = (note: string): FieldRule => ({ fate: 'dropped', note });
export const refused = (note: string, ...neutral: unknown[]): FieldRule => ({
  fate: 'refused',
  note,
  ...(neutral.length > 0 && { neutral }),
});

/** Applies the rules of one translation. */
export class FieldCheck {
  readonly #byParent = new Map<string, Map<string, FieldRule>>();

  constructor(rules: FieldRules) {
    for (const [path, rule] of Object.entries(rules)) {
      const dot = path.lastIndexOf('.');
      const parent = path.slice(0, Math.max(dot, 0));
      const siblings = this.#byParent.get(parent) ?? new Map<string, FieldRule>();
      siblings.set(path.slice(dot + 1), rule);
      this.#byParent.set(parent, siblings);
    }
  }

  /**
   * Looks at every field of `object`. One that is null says nothing.
   *
   * @param parent Path of the object in the rules, e.g. `messages[]`.
   * @param at Path of the object in the request, e.g. `messages[3]`; empty for the request itself.
   * @throws GatewayError naming the field that is refused.
   */
  check(object: JsonObject, parent: string, at: string): void {
    const rules = this.#byParent.get(parent);
    for (const [key, value] of Object.entries(object)) {
      if (value === null || value === undefined) continue;
      const typeRule = key === 'type' && typeof value === 'string' ? rules?.get(`type=${value}`) : undefined;
      const rule = typeRule ?? rules?.get(key);
      if (rule === undefined) refuse(pathOf(at, key), `${shown(key, value)} is not known here`);
      if (rule.fate === 'refused' && rule.neutral?.some((neutral) => same(neutral, value)) !== true) {
        refuse(pathOf(at, key), rule.note);
      }
    }
  }
}

/** Ends the request: this part of it cannot be said to the provider. */
export function refuse(param: string, why: string): never {
  throw new GatewayError('unsupported_by_provider', { param, detail: `"${param}": ${why}.` });
}

/** Ends the request: the part is wrong in any dialect. */
export function invalid(param: string, rule: string): never {
  throw new GatewayError('invalid_request', { param, detail: `"${param}" ${rule}.` });
}

function pathOf(at: string, key: string): string {
  return at === '' ? key : `${at}.${key}`;
}

function shown(key: string, value: unknown): string {
  return key === 'type' && typeof value === 'string' && value.length <= 64
    ? `the type "${value}"`
    : 'the field';
}

/** Lists and objects are compared one level deep: what is neutral is a small list or empty. */
function same(neutral: unknown, value: unknown): boolean {
  if (typeof neutral !== 'object' || neutral === null) return neutral === value;
  if (typeof value !== 'object' || value === null || Array.isArray(neutral) !== Array.isArray(value))
    return false;
  const wanted = Object.entries(neutral);
  const found = value as JsonObject;
  return wanted.length === Object.keys(value).length && wanted.every(([key, inner]) => found[key] === inner);
}
