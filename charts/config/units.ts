import type { Duration, Size } from 'cdk8s';
import type { Cpu } from 'cdk8s-plus-28';

/** CPU in thousandths of a core. */
export function cpuMillis(cpu: Cpu): number {
  return cpu.amount.endsWith('m') ? Number.parseFloat(cpu.amount) : Number.parseFloat(cpu.amount) * 1000;
}

/** A unit type as text (`500m`, `2Gi`, `15 seconds`); undefined for anything else. */
export function unitText(value: object): string | undefined {
  if ('toHumanString' in value) return (value as Duration).toHumanString();
  if ('toKibibytes' in value) return (value as Size).asString();
  if ('amount' in value && Object.keys(value).length === 1) return (value as Cpu).amount;
  return undefined;
}

/** A copy with each unit type replaced by its text, to be printed. */
export function printable(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const text = unitText(value);
  if (text !== undefined) return text;
  if (Array.isArray(value)) return value.map(printable);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, printable(inner)]));
}
