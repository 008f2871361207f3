import type { EntrySettings } from '../config/schema/entry';
import { noEffects } from '../kit/entry-effects';
import { GatewayApiEntry } from './gateway-api-entry';
import type { EntryContext, GatewayEntry } from './gateway-entry';
import { IstioEntry } from './istio/istio-entry';

/** The entry that an input chose; everything is validated and complete. */
export function chooseEntry(settings: EntrySettings, context: EntryContext): GatewayEntry {
  switch (settings.kind) {
    case 'istio':
      return new IstioEntry(settings, context);
    case 'gateway-api':
      return new GatewayApiEntry(settings, context);
    case 'none':
      return { effects: noEffects, attach: () => undefined };
  }
}
