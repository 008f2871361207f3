import type { Field } from './field';
import { namespaceOf, type Folder } from './folder';
import { podLabelsOf } from './pod';

/** True where a `matchLabels`/`matchExpressions` selector selects the labels; an empty one selects all. */
export function selects(selector: Field, labels: Field): boolean {
  return (
    selectsByMap(selector.get('matchLabels'), labels) &&
    selector.get('matchExpressions').items.every((expression) => holds(expression, labels))
  );
}

/** The same for a plain mapping, as a Service has it. */
export function selectsByMap(map: Field, labels: Field): boolean {
  return map.entries.every(([key, wanted]) => labels.get(key).value === wanted.value);
}

export function isEmptySelector(selector: Field): boolean {
  return selector.get('matchLabels').entries.length + selector.get('matchExpressions').items.length === 0;
}

/** The objects in the namespace of `object` whose pods a selector selects. */
export function workloadsSelected(
  folder: Folder,
  object: Field,
  isSelected: (labels: Field) => boolean,
): readonly Field[] {
  return folder.workloads.filter(
    (workload) => namespaceOf(workload) === namespaceOf(object) && isSelected(podLabelsOf(workload)),
  );
}

function holds(expression: Field, labels: Field): boolean {
  const label = labels.get(String(expression.get('key').value));
  const isListed = expression.get('values').items.some(({ value }) => value === label.value);
  switch (expression.get('operator').value) {
    case 'In':
      return label.isSet && isListed;
    case 'NotIn':
      return !isListed;
    case 'Exists':
      return label.isSet;
    case 'DoesNotExist':
      return !label.isSet;
    default:
      return false;
  }
}
