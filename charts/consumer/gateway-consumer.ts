import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { ports } from '../../gateway-app/contract/ports';
import { InvalidInput, type Problem } from '../../gateway-app/contract/validate';
import { defaults } from '../config/defaults';
import type { TenantOf } from '../config/define-environment';
import { parseEnvironment, parseInput } from '../config/parse';
import type { Environment } from '../config/schema/environment';
import { consumerKey, type ExternalSecrets } from '../config/schema/secrets';
import type { EnvironmentInput } from '../config/types';
import { dnsRule, egressRules } from '../kit/egress-rules';
import { ExternalFiles } from '../kit/external-files';
import { metadataOf, type Identity } from '../kit/identity';
import { consumerProblems } from './consumer-rules';
import type { GatewayConsumerProps } from './gateway-consumer-props';
import { type PodTarget, podTarget } from './pod-target';
import { consumerVariables, keyDirectory, keyFileName, keyVolume } from './variables';

/** Suffix of the objects that are made beside the workload. */
const suffix = 'ai-gateway';

/** What the pods of an Istio or Envoy gateway listen on for 443: a NetworkPolicy is judged by the port of the pod. */
const entryPodPorts = [443, 8443];

/**
 * Lets a workload of another team use the gateway: the tenant's key as a file, the address as variables, and the opening
 * in the workload's own NetworkPolicies.
 *
 * @throws InvalidInput with everything that is wrong in the props, at once.
 */
export class GatewayConsumer<
  const Input extends EnvironmentInput,
  const Tenant extends TenantOf<Input>,
> extends Construct {
  constructor(scope: Construct, id: string, props: GatewayConsumerProps<Input, Tenant>) {
    super(scope, id);
    const subject = `GatewayConsumer "${id}"`;
    const environment = parseEnvironment(props.environment, `${subject}: environment`);
    const key = parseInput(consumerKey, props.key, `${subject}: key`);
    const target = podTarget(props.workload);
    const base = baseUrl(environment, props.route);
    const variables = {
      [consumerVariables.openAiBaseUrl]: `${base}/v1`,
      [consumerVariables.anthropicBaseUrl]: base,
      [consumerVariables.keyFile]: `${keyDirectory}/${keyFileName}`,
      ...props.models,
    };
    const container = props.container ?? target.containers[0] ?? '';
    const { namespace } = target;
    const problems = [
      ...consumerProblems(environment, {
        tenant: props.tenant,
        models: props.models ?? {},
        route: props.route,
        namespace,
      }),
      ...containerProblems(target, props.container, container, Object.keys(variables)),
    ];
    if (problems.length > 0 || namespace === undefined) {
      throw new InvalidInput(subject, problems, 'No manifest is written.');
    }
    const { name, labels, podLabels } = target;
    const identity = { name, namespace, environment: environment.environment, labels, podLabels };
    const secretName = key.existing ?? this.externalKey(identity, key.externalSecrets, props.tenant);
    for (const [variable, value] of Object.entries(variables)) target.setVariable(container, variable, value);
    target.mountSecret(this, container, { volume: keyVolume, secretName, path: keyDirectory });
    if (props.egress === 'policies') this.opening(identity, environment, props.route);
  }

  private externalKey(identity: Identity, settings: ExternalSecrets | undefined, tenant: string): string {
    if (settings === undefined) throw new Error('the schema lets no key pass without its source');
    const keyPrefix = `${identity.environment}/${tenant}`;
    return new ExternalFiles(this, 'key', { identity, suffix, settings, keyPrefix, files: [keyFileName] })
      .secretName;
  }

  private opening(identity: Identity, environment: Environment, route: 'entry' | 'direct'): void {
    const { ingressNamespace } = environment.network;
    const destinations =
      route === 'direct'
        ? [{ kind: 'namespace' as const, namespace: environment.namespace, port: ports.public.number }]
        : [
            { kind: 'outside' as const, port: 443 },
            // From within the cluster the public address often leads straight to the pods of the entry.
            ...entryPodPorts.map((port) => ({
              kind: 'namespace' as const,
              namespace: ingressNamespace,
              port,
            })),
          ];
    new k8s.KubeNetworkPolicy(this, 'opening', {
      metadata: metadataOf(identity, suffix),
      spec: {
        podSelector: { matchLabels: identity.podLabels },
        policyTypes: ['Egress'],
        egress: [dnsRule(), ...egressRules(destinations)],
      },
    });
  }
}

function baseUrl({ host, namespace, config }: Environment, route: 'entry' | 'direct'): string {
  if (route === 'entry') return `https://${host ?? ''}`;
  const scheme = config.tls === undefined ? 'http' : 'https';
  return `${scheme}://${defaults.name}.${namespace}.svc:${ports.public.number}`;
}

function containerProblems(
  { containers, variablesOf }: PodTarget,
  given: string | undefined,
  container: string,
  variables: readonly string[],
): Problem[] {
  if (!containers.includes(container) || (given === undefined && containers.length > 1)) {
    return [
      {
        path: 'container',
        value: given === undefined ? 'nothing' : JSON.stringify(given),
        rule: `must be one of the workload's containers (${containers.join(', ') || 'none'})`,
        fix: 'name the one that asks the gateway',
      },
    ];
  }
  const taken = variablesOf(container);
  return variables
    .filter((variable) => taken.includes(variable))
    .map((variable) => ({
      path: `workload.${container}.env.${variable}`,
      value: 'a variable that is set already',
      rule: 'must be left to this construct: of two values of one variable the last would win',
      fix: 'remove it from the workload',
    }));
}
