import { Field, isMapping } from './field';

/** One Kubernetes object as the YAML has it. */
export type Manifest = Readonly<Record<string, unknown>>;

/** Which object a violation is about; an empty string where the manifest lacks the field. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for a cluster-scoped object too. */
  readonly namespace: string;
  readonly name: string;
}

export function referenceTo(object: Manifest): ObjectReference {
  const root = Field.root(object);
  return {
    apiVersion: text(root.get('apiVersion')),
    kind: text(root.get('kind')),
    namespace: text(root.get('metadata').get('namespace')),
    name: text(root.get('metadata').get('name')),
  };
}

/**
 * The objects in one YAML document: the items of a list (`kind: List`, or any `...List` with items), else the document
 * itself. An empty document holds none, as for `kubectl`.
 */
export function objectsIn(document: unknown, enclosing: readonly unknown[] = []): readonly unknown[] {
  // A YAML alias can put a list into itself.
  if (document === null || document === undefined || enclosing.includes(document)) return [];
  if (isMapping(document) && String(document['kind']).endsWith('List') && Array.isArray(document['items'])) {
    return document['items'].flatMap((item) => objectsIn(item, [...enclosing, document]));
  }
  return [document];
}

function text(field: Field): string {
  return typeof field.value === 'string' ? field.value : '';
}
