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

/** The value as a count; 0 where it is none. */
export function asCount(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
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
