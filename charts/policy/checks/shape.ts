import { overPods, type Check } from '../check';

const inspectContainers = overPods((pod) => {
  const containers = pod.get('containers');
  const isEmptyList = Array.isArray(containers.value) && containers.value.length === 0;
  return containers.isSet && !isEmptyList ? [] : [containers];
});

/** `validateManifests` adds the fields of a wrong type that any check has stepped into. */
export const wellFormed: Check = {
  id: 'well-formed',
  title:
    'Every manifest is an object with apiVersion, kind and name, and a field that is judged has its type',
  reason: 'What cannot be read cannot be judged, and the API server refuses it in the middle of a rollout.',
  fix: 'Write the field with the type that the Kubernetes API gives it (mapping, list or text), or remove it.',
  examine: (object, folder) => {
    const metadata = object.get('metadata');
    const generatedName = metadata.get('generateName');
    const name = generatedName.isSet ? generatedName : metadata.get('name');
    const texts = [object.get('apiVersion'), object.get('kind'), name];
    return [
      ...texts.filter(({ value }) => typeof value !== 'string' || value === ''),
      ...inspectContainers(object, folder),
    ];
  },
};
