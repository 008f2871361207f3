import type { Field } from './field';
import { groupOf, isClusterScoped, kindOf } from './kind';
import { operatorPodLabelsOf, podOf } from './pod';

/** What a check may know beside the objects. */
export interface FolderSettings {
  /** Registries that images may come from; undefined: any that the image names. */
  readonly imageRegistries?: readonly string[] | undefined;
}

/** The objects that one cluster is given together, for checks that look at more than one of them. */
export class Folder {
  private readonly byKind = new Map<string, Field[]>();
  private readonly byIdentity = new Map<string, Field>();
  /** The objects that start pods. */
  readonly workloads: readonly Field[];
  /** The resources for which an operator starts pods. */
  readonly operated: readonly Field[];

  constructor(
    objects: readonly Field[],
    readonly settings: FolderSettings = {},
  ) {
    for (const object of objects) {
      const kind = kindOf(object);
      this.byKind.set(kind, [...(this.byKind.get(kind) ?? []), object]);
      if (!this.byIdentity.has(identityOf(object))) this.byIdentity.set(identityOf(object), object);
    }
    this.workloads = objects.filter((object) => podOf(object) !== undefined);
    this.operated = objects.filter((object) => operatorPodLabelsOf(object) !== undefined);
  }

  /** The objects of a kind, written `Deployment.apps`. */
  ofKind(kind: string): readonly Field[] {
    return this.byKind.get(kind) ?? [];
  }

  /** The objects of a kind in the namespace of another object. */
  beside(object: Field, kind: string): readonly Field[] {
    return this.ofKind(kind).filter((other) => namespaceOf(other) === namespaceOf(object));
  }

  /** False for the second and further objects of one identity. */
  isFirstOfItsIdentity(object: Field): boolean {
    return this.byIdentity.get(identityOf(object)) === object;
  }
}

/** The empty text where the manifest leaves it to whoever applies it. */
export function namespaceOf(object: Field): string {
  const { value } = object.get('metadata').get('namespace');
  return typeof value === 'string' ? value : '';
}

export function nameOf(object: Field): unknown {
  return object.get('metadata').get('name').value;
}

function identityOf(object: Field): string {
  // On a cluster-scoped object a namespace says nothing.
  const namespace = isClusterScoped(object) ? '' : namespaceOf(object);
  return JSON.stringify([groupOf(object), object.get('kind').value, namespace, nameOf(object)]);
}
