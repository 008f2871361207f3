import type { z } from 'zod';
import { accessMethods, type AccessMethod } from './runtime-config-access';
import { report } from './validate';

interface CheckedTenant {
  readonly name: string;
  readonly keys: readonly { readonly sha256: string }[];
  readonly tokens: readonly { readonly issuer: string; readonly value: string }[];
  readonly certificates: readonly { readonly by: string; readonly value: string }[];
}

/** What the rules read; the schema has checked the shapes before. */
export interface CheckedAccess {
  readonly access: Parameters<typeof accessMethods>[0];
  readonly tls?: { readonly clientCaFile?: string | undefined } | undefined;
  readonly tenants: readonly CheckedTenant[];
}

/** The list of a tenant that each method looks into. */
const credentials = { keys: 'keys', jwt: 'tokens', 'client-certificates': 'certificates' } as const;
type CredentialList = (typeof credentials)[keyof typeof credentials];

/** Rules between the ways to tell a tenant and the tenants themselves. */
export function accessRules(config: CheckedAccess, ctx: z.core.$RefinementCtx): void {
  const methods = accessMethods(config.access);
  eachOnce(methods, ctx);
  jwksTimes(methods, ctx);
  tenantsAreReachable(config, methods, ctx);
  issuersExist(config, methods, ctx);
  tellOneTenant(config, ctx);
  clientAuthority(config, methods, ctx);
}

function eachOnce(methods: readonly AccessMethod[], ctx: z.core.$RefinementCtx): void {
  const first = new Map<string, number>();
  methods.forEach((method, index) => {
    const id = method.kind === 'jwt' ? `jwt ${method.issuer}` : method.kind;
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, index);
    else {
      report(ctx, {
        path: ['access', index, method.kind === 'jwt' ? 'issuer' : 'kind'],
        rule: `is taken by access[${earlier}] already`,
        fix: 'remove one of the two',
      });
    }
  });
}

function jwksTimes(methods: readonly AccessMethod[], ctx: z.core.$RefinementCtx): void {
  methods.forEach((method, index) => {
    if (method.kind !== 'jwt' || method.jwks.keepSeconds >= method.jwks.refreshSeconds) return;
    report(ctx, {
      path: ['access', index, 'jwks', 'keepSeconds'],
      rule: `must not be below refreshSeconds (${method.jwks.refreshSeconds}): the keys would be gone before new ones are asked for`,
      fix: 'raise it, or lower refreshSeconds',
    });
  });
}

/** A credential that no method looks at, or a tenant without any, is a client that is refused for no visible reason. */
function tenantsAreReachable(
  { access, tenants }: CheckedAccess,
  methods: readonly AccessMethod[],
  ctx: z.core.$RefinementCtx,
): void {
  const taken = new Set<CredentialList>(methods.map(({ kind }) => credentials[kind]));
  tenants.forEach((tenant, index) => {
    for (const [kind, list] of Object.entries(credentials)) {
      if (access === 'anonymous' || tenant[list].length === 0 || taken.has(list)) continue;
      report(ctx, {
        path: ['tenants', index, list],
        rule: `are looked at by the access method "${kind}" alone, and access does not take it`,
        fix: `add { kind: ${kind} } to access, or remove them`,
      });
    }
    if (Object.values(credentials).some((list) => tenant[list].length > 0)) return;
    report(ctx, {
      path: ['tenants', index],
      rule: 'must have keys, tokens or certificates: nothing could tell that a request is its',
      fix: 'add one of them, or remove the tenant',
    });
  });
}

function issuersExist(
  { tenants }: CheckedAccess,
  methods: readonly AccessMethod[],
  ctx: z.core.$RefinementCtx,
): void {
  const issuers = methods.flatMap((method) => (method.kind === 'jwt' ? [method.issuer] : []));
  if (issuers.length === 0) return;
  tenants.forEach(({ tokens }, index) => {
    tokens.forEach(({ issuer }, position) => {
      if (issuers.includes(issuer)) return;
      report(ctx, {
        path: ['tenants', index, 'tokens', position, 'issuer'],
        rule: `must be the issuer of an access method (${issuers.join(', ')})`,
        fix: 'add the method, or correct the issuer',
      });
    });
  });
}

function tellOneTenant({ tenants }: CheckedAccess, ctx: z.core.$RefinementCtx): void {
  const owner = new Map<string, string>();
  const take = (tenant: string, id: string, path: (string | number)[], what: string): void => {
    const other = owner.get(id);
    if (other === undefined) owner.set(id, tenant);
    else {
      report(ctx, {
        path,
        rule: `is a ${what} of tenant "${other}" already, so the two could not be told apart`,
        fix: `give each a ${what} of its own`,
      });
    }
  };
  tenants.forEach(({ name, keys, tokens, certificates }, index) => {
    keys.forEach(({ sha256 }, n) => {
      take(name, `key ${sha256}`, ['tenants', index, 'keys', n, 'sha256'], 'key');
    });
    tokens.forEach(({ issuer, value }, n) => {
      take(
        name,
        `token ${JSON.stringify([issuer, value])}`,
        ['tenants', index, 'tokens', n, 'value'],
        'token',
      );
    });
    certificates.forEach(({ by, value }, n) => {
      take(name, `${by} ${value}`, ['tenants', index, 'certificates', n, 'value'], 'certificate');
    });
  });
}

function clientAuthority(
  { tls }: CheckedAccess,
  methods: readonly AccessMethod[],
  ctx: z.core.$RefinementCtx,
): void {
  const index = methods.findIndex(({ kind }) => kind === 'client-certificates');
  const authority = tls?.clientCaFile;
  if (index !== -1 && authority === undefined) {
    report(ctx, {
      path: ['access', index, 'kind'],
      rule: 'needs tls.clientCaFile: without the authority that signed them, anybody could make the certificates',
      fix: 'add tls: { certFile, keyFile, clientCaFile }, or remove the method',
    });
  }
  if (index === -1 && authority !== undefined) {
    report(ctx, {
      path: ['tls', 'clientCaFile'],
      rule: 'is of no use where access does not take "client-certificates": no certificate would be looked at',
      fix: 'add { kind: client-certificates } to access, or remove it',
    });
  }
}
