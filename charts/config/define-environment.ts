import type { EnvironmentInput } from './types';

/**
 * An environment that keeps the names written in it, so that a consumer's tenant and models are checked by the compiler.
 * It changes nothing else.
 */
export function defineEnvironment<const Input extends EnvironmentInput>(input: Input): Input {
  return input;
}

type TenantEntry<Input extends EnvironmentInput> = NonNullable<Input['config']['tenants']>[number];

/** Names of the tenants of an environment. */
export type TenantOf<Input extends EnvironmentInput> = TenantEntry<Input>['name'];

/** Names of the models that a tenant may use. */
export type ModelOf<Input extends EnvironmentInput, Tenant extends TenantOf<Input>> =
  string extends TenantOf<Input>
    ? string
    : Extract<TenantEntry<Input>, { readonly name: Tenant }> extends {
          readonly models: readonly (infer Model)[];
        }
      ? Extract<Model, string>
      : Input['config']['models'][number]['name'];
