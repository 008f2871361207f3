import type { z } from 'zod';
import type { RuntimeConfig } from '../../../gateway-app/contract/runtime-config';
import { accessMethods } from '../../../gateway-app/contract/runtime-config-access';
import { report } from '../../../gateway-app/contract/validate';
import type { EntrySettings } from './entry';
import { rightFields } from './right-fields';

interface Checked {
  readonly entry: EntrySettings;
  readonly config: Pick<RuntimeConfig, 'access' | 'tls'>;
}

/** Both sides of the way from an entry to the gateway's port must speak the same: what speaks TLS hangs up on plain HTTP. */
export function entryTlsRules({ entry, config }: Checked, ctx: z.core.$RefinementCtx): void {
  const { shaped, right } = rightFields(ctx);
  if (!right('entry') || !shaped('config') || !right('config.tls')) return;
  if (entry.kind === 'istio' && config.tls !== undefined) {
    report(ctx, {
      path: ['config', 'tls'],
      rule: 'must not be given beside an entry of kind "istio", which speaks plain HTTP to the gateway within the TLS of the mesh: no request would arrive',
      fix: 'remove it, or choose Entry.gatewayApi() with backendTls, or Entry.none() and bring an entry that speaks TLS to the gateway',
    });
  }
  if (entry.kind !== 'gateway-api') return;
  backendTlsRules(entry.backendTls, config.tls, ctx);
  if (right('config.access')) clientCertificateRules(config.access, ctx);
}

function backendTlsRules(
  backendTls: object | undefined,
  tls: object | undefined,
  ctx: z.core.$RefinementCtx,
) {
  const path = ['entry', 'backendTls'];
  if (tls !== undefined && backendTls === undefined) {
    report(ctx, {
      path,
      rule: 'must be given beside config.tls: without it the proxies speak plain HTTP to a port that speaks TLS, and no request would arrive',
      fix: "say whose certificate the proxies accept, like { hostName: 'ai-gateway.ai-gateway.svc', authority: { caConfigMap: 'gateway-ca' } }, or remove config.tls",
    });
  }
  if (tls === undefined && backendTls !== undefined) {
    report(ctx, {
      path,
      rule: 'must not be given without config.tls: the proxies would speak TLS to a port that speaks plain HTTP, and no request would arrive',
      fix: 'remove it, or give config.tls its certFile and keyFile',
    });
  }
}

/** Beside another method they may stay: a workload that comes past the entry, by the Service, does show its own. */
function clientCertificateRules(access: RuntimeConfig['access'], ctx: z.core.$RefinementCtx): void {
  const methods = accessMethods(access);
  if (methods.length === 0 || methods.some(({ kind }) => kind !== 'client-certificates')) return;
  report(ctx, {
    path: ['config', 'access'],
    rule: 'must hold another method than client-certificates beside an entry of kind "gateway-api", which ends the TLS of clients: none of their certificates would arrive, and every request be answered 401',
    fix: 'add keys or jwt, or choose Entry.none() and bring an entry that passes TLS through',
  });
}
