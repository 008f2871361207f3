import type { JsonObject } from '../core/upstream';
import { invalid } from './field-rules';

/** The value as an object; undefined where it is a list, a text, null or nothing. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** The value as a list; empty where it is none. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** More tokens than any answer has. Taken as reported, a larger number would be owed by the tenant for ever. */
const maxTokens = 1_000_000_000;

/** The value as a count of tokens; undefined where it is none that an answer can have. */
export function asCount(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= maxTokens
    ? (value as number)
    : undefined;
}

/** A part of a client's request. @throws GatewayError where it is no object. */
export function objectAt(value: unknown, at: string): JsonObject {
  return asObject(value) ?? invalid(at, 'must be an object');
}

/** A part of a client's request. @throws GatewayError where it is no list. */
export function listAt(value: unknown, at: string): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : invalid(at, 'must be a list');
}

/** A part of a client's request. @throws GatewayError where it is no text. */
export function textAt(value: unknown, at: string): string {
  return typeof value === 'string' ? value : invalid(at, 'must be a text');
}

/** The text as a JSON object; undefined where it is none. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** True of an event by which a provider says that it has failed: compatible servers write an object, a text or a number. */
export function holdsError(event: JsonObject | undefined): boolean {
  const error = event?.['error'];
  return error !== undefined && error !== null;
}
