import { deployment, type Changes, type Fields } from './deployment';

/** A manifest that breaks a check, and where: each expected path with the value found there. */
interface Violating {
  readonly name: string;
  readonly manifest: Fields;
  readonly findings: Changes;
}

interface Passing {
  readonly name: string;
  readonly manifest: Fields;
}

/** By check id. */
export type Cases = Readonly<
  Record<string, { readonly violating: readonly Violating[]; readonly passing: readonly Passing[] }>
>;

/** A Deployment whose changes are themselves what is found. */
export function broken(name: string, changes: Changes): Violating {
  return brokenAt(name, changes, changes);
}

/** A Deployment whose changes are found at other paths than where they were made. */
export function brokenAt(name: string, changes: Changes, findings: Changes): Violating {
  const fromTheTop = Object.entries(findings).map(([path, found]) => [`spec.template.spec.${path}`, found]);
  return { name, manifest: deployment(changes), findings: Object.fromEntries(fromTheTop) as Changes };
}

/** A Deployment that keeps the check with its changes. */
export function kept(name: string, changes: Changes): Passing {
  return { name, manifest: deployment(changes) };
}

/** A setting moved from the pod to each of its containers. */
export function onEveryContainer(key: string, value: unknown): Changes {
  return {
    [`securityContext.${key}`]: undefined,
    [`initContainers[0].securityContext.${key}`]: value,
    [`containers[0].securityContext.${key}`]: value,
  };
}
