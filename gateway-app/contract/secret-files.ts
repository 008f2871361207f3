import type { RuntimeConfig } from './runtime-config';
import { accessMethods } from './runtime-config-access';

/**
 * What a file of the secrets folder holds. `value`: one line that stands in a header or a password, of that many characters
 * at least. `certificates`: one or more, in PEM. `private-key`: one in PEM, unencrypted.
 */
export type SecretForm =
  | { readonly kind: 'value'; readonly minLength: number }
  | { readonly kind: 'certificates' }
  | { readonly kind: 'private-key' };

/** A secret's file that the runtime configuration names. */
export interface SecretFile {
  /** Where the configuration names it. */
  readonly path: readonly (string | number)[];
  readonly name: string;
  readonly form: SecretForm;
}

/** A shorter one could be guessed: nothing slows the guesses of an address that is allowed. */
const minAdminTokenLength = 32;

const anyValue: SecretForm = { kind: 'value', minLength: 1 };
const certificates: SecretForm = { kind: 'certificates' };

/** All of them: what the gateway reads at its start, and refuses to start without. */
export function secretFilesOf({
  access,
  tls,
  providers,
  store,
  admin,
  tracing,
}: Pick<RuntimeConfig, 'access' | 'tls' | 'providers' | 'admin' | 'tracing'> & {
  readonly store: {
    readonly kind: string;
    readonly passwordFile?: string | undefined;
    readonly caFile?: string | undefined;
  };
}): SecretFile[] {
  const file = (path: SecretFile['path'], name: string | undefined, form: SecretForm): SecretFile[] =>
    name === undefined ? [] : [{ path, name, form }];
  return [
    ...accessMethods(access).flatMap((method, index) =>
      method.kind === 'jwt'
        ? file(['access', index, 'jwks', 'caFile'], method.jwks.caFile, certificates)
        : [],
    ),
    ...file(['tls', 'certFile'], tls?.certFile, certificates),
    ...file(['tls', 'keyFile'], tls?.keyFile, { kind: 'private-key' }),
    ...file(['tls', 'clientCaFile'], tls?.clientCaFile, certificates),
    ...providers.flatMap((provider, index) =>
      provider.kind === 'echo'
        ? []
        : [
            ...file(['providers', index, 'apiKeyFile'], provider.apiKeyFile, anyValue),
            ...file(['providers', index, 'caFile'], provider.caFile, certificates),
          ],
    ),
    ...file(['store', 'passwordFile'], store.passwordFile, anyValue),
    ...file(['store', 'caFile'], store.caFile, certificates),
    ...file(['tracing', 'bearerTokenFile'], tracing?.bearerTokenFile, anyValue),
    ...file(['admin', 'tokenFile'], admin?.tokenFile, { kind: 'value', minLength: minAdminTokenLength }),
  ];
}
