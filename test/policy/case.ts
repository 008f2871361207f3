import type { Changes, Fields } from './changes';
import { deployment } from './deployment';

interface Case {
  readonly name: string;
  readonly manifest: Fields;
  /** What the same cluster is given, besides the surroundings of every pod; nothing is found in these. */
  readonly beside?: readonly Fields[] | undefined;
}

/** A manifest that breaks a check, and where: each expected path with the value found there. */
interface Violating extends Case {
  readonly findings: Changes;
}

/** By check id. */
export type Cases = Readonly<
  Record<string, { readonly violating: readonly Violating[]; readonly passing: readonly Case[] }>
>;

/** A Deployment whose changes are themselves what is found. */
export function broken(name: string, changes: Changes): Violating {
  return brokenAt(name, changes, changes);
}

/** A Deployment whose changes are found at other paths than where they were made. */
export function brokenAt(name: string, changes: Changes, findings: Changes): Violating {
  return refused(name, deployment(changes), prefixed('spec.template.spec', findings));
}

/** A Deployment that keeps the check with its changes. */
export function kept(name: string, changes: Changes): Case {
  return accepted(name, deployment(changes));
}

/** Any object that breaks the check. */
export function refused(
  name: string,
  manifest: Fields,
  findings: Changes,
  beside: readonly Fields[] = [],
): Violating {
  return { name, manifest, findings, beside };
}

/** Any object that keeps the check. */
export function accepted(name: string, manifest: Fields, beside: readonly Fields[] = []): Case {
  return { name, manifest, beside };
}

/** The same findings, further down. */
export function prefixed(path: string, findings: Changes): Changes {
  return Object.fromEntries(Object.entries(findings).map(([inner, found]) => [`${path}.${inner}`, found]));
}

/** A setting moved from the pod to each of its containers. */
export function onEveryContainer(key: string, value: unknown): Changes {
  return {
    [`securityContext.${key}`]: undefined,
    [`initContainers[0].securityContext.${key}`]: value,
    [`containers[0].securityContext.${key}`]: value,
  };
}
