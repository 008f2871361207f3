import type { Expression, SeriesScope } from '../../kit/promql';

/** Unit of the values, as Grafana calls it. */
export type Unit =
  'percentunit' | 's' | 'reqps' | 'short' | 'bytes' | 'currencyUSD' | 'cps' | 'none' | 'bool_on_off';

export interface Query {
  readonly expression: Expression;
  /** With labels of the series in `{{ }}`. */
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  /** What it shows, and what to make of it. */
  readonly description: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** A number in large letters in place of lines. */
  readonly asNumber?: true;
  /** From this value on the panel turns red. `below`: under it. */
  readonly alarm?: { readonly at: number; readonly below?: true };
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Dashboard {
  /** Of the ConfigMap, after the gateway's. */
  readonly suffix: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
}

/** Names of the variables that each dashboard has. */
export const variables = { source: 'source', namespace: 'namespace', region: 'region' } as const;

/** Whatever the viewer chose. */
export function chosen(name: string): SeriesScope {
  return { namespace: `$${variables.namespace}`, name, region: { matches: `$${variables.region}` } };
}
