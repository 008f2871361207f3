import type { RuntimeConfig } from './runtime-config';

/** A secret's file that the runtime configuration names. */
export interface SecretFile {
  /** Where the configuration names it. */
  readonly path: readonly (string | number)[];
  readonly name: string;
  /** Characters that its value has at least. */
  readonly minLength: number;
}

/** A shorter one could be guessed: nothing slows the guesses of an address that is allowed. */
const minAdminTokenLength = 32;

/** All of them: what the gateway reads at its start, and refuses to start without. */
export function secretFilesOf({
  providers,
  store,
  admin,
}: Pick<RuntimeConfig, 'providers' | 'admin'> & {
  readonly store: { readonly kind: string; readonly passwordFile?: string | undefined };
}): SecretFile[] {
  const file = (path: SecretFile['path'], name: string | undefined, minLength = 1): SecretFile[] =>
    name === undefined ? [] : [{ path, name, minLength }];
  return [
    ...providers.flatMap((provider, index) =>
      'apiKeyFile' in provider ? file(['providers', index, 'apiKeyFile'], provider.apiKeyFile) : [],
    ),
    ...file(['store', 'passwordFile'], store.passwordFile),
    ...file(['admin', 'tokenFile'], admin?.tokenFile, minAdminTokenLength),
  ];
}
