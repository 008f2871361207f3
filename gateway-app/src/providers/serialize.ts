import { GatewayError } from '../core/gateway-error';
import type { JsonObject } from '../core/upstream';

/** The body as a provider reads it. */
export function serialize(body: JsonObject): string {
  try {
    return JSON.stringify(body);
  } catch {
    // JSON.parse takes any depth, JSON.stringify only what fits on the stack.
    throw new GatewayError('invalid_request', { detail: 'The body is nested too deeply.' });
  }
}
