import type { RuntimeConfig } from '../../gateway-app/contract/runtime-config';

/** A secret's file that the runtime configuration refers to, and where it does. */
export interface SecretFile {
  readonly path: readonly (string | number)[];
  readonly name: string;
}

/** All of them, in the order of the configuration. */
export function secretFilesOf({
  providers,
  admin,
}: Pick<RuntimeConfig, 'providers' | 'admin'>): SecretFile[] {
  const ofProviders = providers.flatMap((provider, index) =>
    'apiKeyFile' in provider && provider.apiKeyFile !== undefined
      ? { path: ['providers', index, 'apiKeyFile'], name: provider.apiKeyFile }
      : [],
  );
  return admin === undefined
    ? ofProviders
    : [...ofProviders, { path: ['admin', 'tokenFile'], name: admin.tokenFile }];
}
