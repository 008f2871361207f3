import type { z } from 'zod';
import { labelValues } from './metrics';
import { accessRules, type CheckedAccess } from './runtime-config-access-rules';
import { deadlineRules } from './runtime-config-deadlines';
import { targetRules, type CheckedTarget } from './runtime-config-target-rules';
import { trustRules, type CheckedTrust } from './runtime-config-trust-rules';
import { report } from './validate';

/** What the rules read; the schema has checked the shapes before. */
interface Checked extends CheckedAccess {
  readonly store: CheckedTrust['store'] & {
    readonly kind: string;
    readonly passwordFile?: string | undefined;
  };
  readonly admin?: { readonly tokenFile: string } | undefined;
  readonly providers: readonly {
    readonly name: string;
    readonly kind: string;
    readonly baseUrl?: string;
    readonly apiKeyFile?: string | undefined;
    readonly caFile?: string | undefined;
    readonly deadlines?: Parameters<typeof deadlineRules>[0][number]['deadlines'];
  }[];
  readonly models: readonly { readonly name: string; readonly targets: readonly CheckedTarget[] }[];
  readonly tenants: readonly (CheckedAccess['tenants'][number] & {
    readonly models?: readonly string[] | undefined;
  })[];
}

/** Rules that no single field can state: names are unique, references lead somewhere. */
export function crossChecks(config: Checked, ctx: z.core.$RefinementCtx): void {
  unique(ctx, 'providers', config.providers);
  unique(ctx, 'models', config.models);
  unique(ctx, 'tenants', config.tenants);
  providerRules(config, ctx);
  deadlineRules(config.providers, ctx);
  references(config, ctx);
  targetRules(config.models, ctx);
  accessRules(config, ctx);
  tokenOfItsOwn(config, ctx);
  trustRules(config, ctx);
}

function tokenOfItsOwn({ admin, providers, store }: Checked, ctx: z.core.$RefinementCtx): void {
  if (admin === undefined) return;
  const sharing = providers.find(({ apiKeyFile }) => apiKeyFile === admin.tokenFile);
  const other = sharing === undefined ? 'Redis' : `provider "${sharing.name}"`;
  if (sharing === undefined && store.passwordFile !== admin.tokenFile) return;
  report(ctx, {
    path: ['admin', 'tokenFile'],
    rule: `is the file of the credentials for ${other} already, which would learn the admin token`,
    fix: 'make a token of its own',
  });
}

function unique(
  ctx: z.core.$RefinementCtx,
  list: string,
  entries: readonly { readonly name: string }[],
): void {
  const first = new Map<string, number>();
  entries.forEach(({ name }, index) => {
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, index);
    else
      report(ctx, {
        path: [list, index, 'name'],
        rule: `is the name of ${list}[${earlier}] already`,
        fix: 'give each its own name',
      });
  });
}

function providerRules(config: Checked, ctx: z.core.$RefinementCtx): void {
  config.providers.forEach((provider, index) => {
    if (provider.name === labelValues.noProvider) {
      report(ctx, {
        path: ['providers', index, 'name'],
        rule: 'is reserved: metrics use it for requests that reached no provider',
        fix: 'choose another name',
      });
    }
    // zod has checked that it parses; an invalid one was reported there.
    if (provider.baseUrl === undefined || !URL.canParse(provider.baseUrl)) return;
    const url = new URL(provider.baseUrl);
    if (url.username !== '' || url.password !== '') {
      report(ctx, {
        path: ['providers', index, 'baseUrl'],
        rule: 'must not hold credentials: the configuration is readable by many',
        fix: 'put the key into a secret and name its file in apiKeyFile',
      });
    }
    if (url.search !== '' || url.hash !== '') {
      report(ctx, {
        path: ['providers', index, 'baseUrl'],
        rule: 'must end with the path',
        fix: 'remove the query or fragment',
      });
    }
  });
}

function references(config: Checked, ctx: z.core.$RefinementCtx): void {
  const providers = new Set(config.providers.map((p) => p.name));
  const models = new Set(config.models.map((m) => m.name));
  config.models.forEach(({ targets }, index) => {
    targets.forEach(({ provider }, position) => {
      if (providers.has(provider)) return;
      report(ctx, {
        path: ['models', index, 'targets', position, 'provider'],
        rule: `must name a provider (${[...providers].join(', ')})`,
        fix: 'add the provider, or correct the name',
      });
    });
  });
  config.tenants.forEach((tenant, index) => {
    tenant.models?.forEach((model, position) => {
      if (!models.has(model)) {
        report(ctx, {
          path: ['tenants', index, 'models', position],
          rule: `must name a model (${[...models].join(', ')})`,
          fix: 'add the model, or correct the name',
        });
      }
    });
  });
}
