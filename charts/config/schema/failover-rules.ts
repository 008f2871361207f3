import type { z } from 'zod';
import { report } from '../../../gateway-app/contract/validate';
import type { FailoverSettings } from './failover';
import { globalNamespace, type Region } from './regions';
import type { RightFields } from './right-fields';

interface Checked {
  readonly host?: string | undefined;
  readonly namespace: string;
  readonly regions: Readonly<Record<string, Region>>;
  readonly failover?: FailoverSettings | undefined;
}

/** What failover needs of the rest of the environment. */
export function failoverRules(environment: Checked, fields: RightFields, ctx: z.core.$RefinementCtx): void {
  const { failover } = environment;
  if (!fields.shaped('failover') || !fields.right('failover.enabled') || failover?.enabled !== true) return;
  enoughRegions(environment, fields, ctx);
  if (!fields.right('failover.by')) return;
  hostOf(environment, failover, fields, ctx);
  if (failover.by?.kind !== 'route53') return;
  roomForGlobal(environment, fields, ctx);
  controlsOf(environment, failover.by.routingControls, fields, ctx);
}

function enoughRegions({ regions }: Checked, { shaped }: RightFields, ctx: z.core.$RefinementCtx): void {
  if (!shaped('regions') || Object.keys(regions).length >= 2) return;
  report(ctx, {
    path: ['failover', 'enabled'],
    rule: 'must be false with a single region: there is nowhere to fail over to',
    fix: 'add a region, or set it to false',
  });
}

function hostOf(
  { host }: Checked,
  { by }: FailoverSettings,
  { right }: RightFields,
  ctx: z.core.$RefinementCtx,
): void {
  if (!right('host')) return;
  if (host === undefined) {
    report(ctx, {
      path: ['host'],
      rule: 'must be given where failover is enabled: it is the name that clients keep while the regions change',
      fix: "add it, like host: 'gateway.example.com', or set failover.enabled: false",
    });
    return;
  }
  if (by?.kind !== 'route53' || host.endsWith(`.${by.hostedZone.domain}`)) return;
  report(ctx, {
    path: ['host'],
    rule: `must lie below the zone's domain (.${by.hostedZone.domain}), since the record is a CNAME in that zone`,
    fix: 'correct the host or failover.by.hostedZone',
  });
}

/** Of a namespace's name. */
const mostCharacters = 63;

function roomForGlobal({ namespace }: Checked, { right }: RightFields, ctx: z.core.$RefinementCtx): void {
  const suffixLength = globalNamespace('').length;
  if (!right('namespace') || namespace.length + suffixLength <= mostCharacters) return;
  report(ctx, {
    path: ['namespace'],
    rule: `must have at most ${mostCharacters - suffixLength} characters where Route 53 moves the clients: its objects live in ${globalNamespace('<namespace>')}`,
    fix: 'shorten it',
  });
}

function controlsOf(
  { regions }: Checked,
  controls: Readonly<Record<string, string>> | undefined,
  { shaped }: RightFields,
  ctx: z.core.$RefinementCtx,
): void {
  if (controls === undefined || !shaped('regions')) return;
  const path = ['failover', 'by', 'routingControls'];
  const known = Object.keys(regions);
  for (const key of Object.keys(controls)) {
    if (known.includes(key)) continue;
    report(ctx, {
      path: [...path, key],
      rule: `must be a region of the environment (${known.join(', ')}): this control would move nobody`,
      fix: 'correct the key, or remove it',
    });
  }
  for (const key of known) {
    if (key in controls) continue;
    report(ctx, {
      path: [...path, key],
      rule: 'must be given: without a control of its own, nobody could turn this region off or on',
      fix: 'add the ARN of its routing control',
    });
  }
}
