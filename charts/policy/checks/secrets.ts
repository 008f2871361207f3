import { parse } from 'yaml';
import { secretIn } from '../../../gateway-app/contract/secret-literal';
import { overContainers, overKinds, type Check } from '../check';
import { isMapping, type Field } from '../field';

export const secretsAsFiles: Check = {
  id: 'secrets-as-files',
  title: 'Secrets reach a container as files, not as environment',
  reason:
    'Every child process and crash report inherits the environment, and a rotated secret is not seen before the pod restarts.',
  fix: 'Mount the Secret as a volume, and let the program read the file again when it changes.',
  examine: overContainers((container) => [
    ...container
      .get('env')
      .items.map((variable) => variable.get('valueFrom').get('secretKeyRef'))
      .filter(({ isSet }) => isSet),
    ...container
      .get('envFrom')
      .items.map((source) => source.get('secretRef'))
      .filter(({ isSet }) => isSet),
  ]),
};

/** How a setting is named that holds a secret itself; `API_KEY_FILE` and `MAX_TOKENS` do not. */
const secretName =
  /(^|[_.-])(secret|token|password|passwd|credentials?|api[_.-]?key|access[_.-]?key|secret[_.-]?key|private[_.-]?key|auth[_.-]?key)$/i;

/** Camel case as its words, so that one form of a name is enough. */
function isSecretName(name: string): boolean {
  return secretName.test(name.replace(/([a-z])([A-Z])/g, '$1_$2'));
}

function isSecret(name: string, value: unknown): boolean {
  if (typeof value !== 'string' || value === '') return false;
  // A path, or a reference to another variable, is no secret.
  return secretIn(value) !== undefined || (isSecretName(name) && !/^(\/|\$\()/.test(value));
}

const inspectContainers = overContainers((container) => [
  ...container
    .get('env')
    .items.filter((variable) => isSecret(String(variable.get('name').value), variable.get('value').value))
    .map((variable) => variable.get('value').hidden),
  ...['command', 'args']
    .flatMap((key) => container.get(key).items)
    .filter(({ value }) => {
      const [, option = '', setting] = /^-{0,2}([\w.-]+)=(.*)$/s.exec(String(value)) ?? [];
      return isSecret(option, setting ?? value);
    })
    .map((argument) => argument.hidden),
]);

const inspectConfigMaps = overKinds(['ConfigMap.'], (object) =>
  object
    .get('data')
    .entries.filter(([key, { value }]) => isSecret(key, value) || holdsSecret(value))
    .map(([, entry]) => entry.hidden),
);

const inspectSecrets = overKinds(['Secret.'], (object) =>
  [...object.get('data').entries, ...object.get('stringData').entries].map(([, entry]) => entry.hidden),
);

export const noPlainTextSecrets: Check = {
  id: 'no-plain-text-secrets',
  title: 'No manifest holds a secret, not even encoded',
  reason:
    'Whoever reads the repository, the API object or `kubectl describe` has the secret, and its history keeps it.',
  fix: 'Keep it in a secret manager, bring it into the cluster by an ExternalSecret, and mount it as a file. Replace the secret that was shown.',
  examine: (object, folder) =>
    [inspectContainers, inspectConfigMaps, inspectSecrets].flatMap((inspect) => inspect(object, folder)),
};

/** A configuration file as an entry of a ConfigMap: its settings are looked at by name, at any depth. */
function holdsSecret(text: unknown): boolean {
  if (typeof text !== 'string' || !text.includes(':')) return false;
  return settingsOf(text).some(([name, value]) => isSecret(name, value));
}

function settingsOf(text: string): readonly (readonly [string, unknown])[] {
  let root: unknown;
  try {
    root = documentIn(text);
  } catch {
    // No YAML or JSON: its form as a whole has been judged.
    return [];
  }
  const flatten = (name: string, value: unknown): readonly (readonly [string, unknown])[] => {
    if (Array.isArray(value)) return value.flatMap((item) => flatten(name, item));
    if (isMapping(value)) return Object.entries(value).flatMap(([key, inner]) => flatten(key, inner));
    return [[name, value]];
  };
  return flatten('', root);
}

/** @throws Error where it is neither. */
function documentIn(text: string): unknown {
  // A dashboard is JSON of many kilobytes, which takes the reader of YAML a hundred times as long.
  if (text.startsWith('{')) {
    try {
      return JSON.parse(text);
    } catch {
      // YAML's flow style begins alike.
    }
  }
  return parse(text, { logLevel: 'silent' });
}

export const uniqueEnvKeys: Check = {
  id: 'unique-env-keys',
  title: 'No container sets a variable twice',
  reason: 'The last one wins silently, and a server-side apply may keep or drop the other one.',
  fix: 'Remove one of the two entries.',
  examine: overContainers((container) => {
    const names = container.get('env').items.map((variable) => variable.get('name'));
    const isRepeated = (name: Field, index: number) =>
      names.findIndex(({ value }) => value === name.value) !== index;
    return names.filter(isRepeated);
  }),
};
