import { ApiObject, JsonPatch } from 'cdk8s';
import { type Container, EnvValue, Secret, Volume, type Workload } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/** A workload of another team, as far as it is changed here. */
export interface PodTarget {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** What its pods are selected by. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Names of the containers, in order. */
  readonly containers: readonly string[];
  /** Names of the variables that a container has already. */
  readonly variablesOf: (container: string) => readonly string[];
  readonly setVariable: (container: string, name: string, value: string) => void;
  /** Mounts a Secret as a folder. */
  readonly mountSecret: (scope: Construct, container: string, mount: SecretMount) => void;
}

export interface SecretMount {
  readonly volume: string;
  readonly secretName: string;
  readonly path: string;
}

export function podTarget(workload: Workload | ApiObject): PodTarget {
  return 'addJsonPatch' in workload ? patchedObject(workload) : plusWorkload(workload);
}

function plusWorkload(workload: Workload): PodTarget {
  const object = ApiObject.of(workload);
  const find = (name: string): Container => {
    const found = workload.containers.find((container) => container.name === name);
    if (found === undefined) throw new Error(`the container ${name} was found before`);
    return found;
  };
  return {
    ...metadataOf(object),
    podLabels: workload.matchLabels,
    containers: workload.containers.map(({ name }) => name),
    variablesOf: (container) => Object.keys(find(container).env.variables),
    setVariable: (container, name, value) => {
      find(container).env.addVariable(name, EnvValue.fromValue(value));
    },
    mountSecret: (scope, container, { volume, secretName, path }) => {
      const secret = Secret.fromSecretName(scope, `${volume}-secret`, secretName);
      find(container).mount(path, Volume.fromSecret(scope, volume, secret, { name: volume }), {
        readOnly: true,
      });
    },
  };
}

/** The parts of a manifest with a pod template that are read. Everything may be missing: whoever wrote it may be any tool. */
interface PodOwner {
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template?: {
      readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
      readonly spec?: {
        readonly volumes?: readonly unknown[];
        readonly containers?: readonly {
          readonly name: string;
          readonly env?: readonly { readonly name: string }[];
          readonly volumeMounts?: readonly unknown[];
        }[];
      };
    };
  };
}

const podSpecPath = '/spec/template/spec';

function patchedObject(object: ApiObject): PodTarget {
  // Anew each time: a patch that was added a moment ago is in it.
  const spec = () => (object.toJson() as PodOwner).spec;
  const pod = () => spec()?.template?.spec;
  const containers = () => pod()?.containers ?? [];
  /** A patch that appends to a list fails where there is none. */
  const append = (path: string, list: readonly unknown[] | undefined, item: unknown): void => {
    object.addJsonPatch(list === undefined ? JsonPatch.add(path, [item]) : JsonPatch.add(`${path}/-`, item));
  };
  const placeOf = (container: string) => {
    const index = containers().findIndex(({ name }) => name === container);
    return { container: containers()[index], path: `${podSpecPath}/containers/${index}` };
  };
  return {
    ...metadataOf(object),
    podLabels: spec()?.selector?.matchLabels ?? spec()?.template?.metadata?.labels ?? {},
    containers: containers().map(({ name }) => name),
    variablesOf: (container) => (placeOf(container).container?.env ?? []).map(({ name }) => name),
    setVariable: (name, variable, value) => {
      const { container, path } = placeOf(name);
      append(`${path}/env`, container?.env, { name: variable, value });
    },
    mountSecret: (_scope, name, { volume, secretName, path: mountPath }) => {
      append(`${podSpecPath}/volumes`, pod()?.volumes, { name: volume, secret: { secretName } });
      const { container, path } = placeOf(name);
      append(`${path}/volumeMounts`, container?.volumeMounts, { name: volume, mountPath, readOnly: true });
    },
  };
}

function metadataOf(object: ApiObject): Pick<PodTarget, 'name' | 'namespace' | 'labels'> {
  const { labels = {} } = object.metadata.toJson() as { labels?: Readonly<Record<string, string>> };
  return { name: object.name, namespace: object.metadata.namespace, labels };
}
