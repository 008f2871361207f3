import production from '../../charts/config/environments/production';
import type { EnvironmentInput, RegionInput } from '../../charts/config/types';

/** The reference environment with this many regions. Without failover, each weighs the same. */
export function environmentWith(regionCount: number): EnvironmentInput {
  const { failover, ...environment } = production;
  return { ...environment, regions: regions(regionCount) };
}

/** The same as a file for `--environment`. `charts` is the folder of the charts that will read it, as source or compiled. */
export function environmentModule(charts: string, regionCount: number): string {
  return `const { default: production } = require(${JSON.stringify(`${charts}/config/environments/production`)});
const { failover, ...environment } = production;
exports.default = { ...environment, regions: ${JSON.stringify(regions(regionCount))} };
`;
}

function regions(count: number): Readonly<Record<string, RegionInput>> {
  const names = Array.from({ length: count }, (_, index) => regionName(index));
  return Object.fromEntries(names.map((region, priority) => [region, { region, replicas: 3, priority }]));
}

/** `us-a-0`, `us-a-1` and so on: names of the form that the reference demands, since it takes its secrets from AWS. */
export function regionName(index: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  return `us-${letters[Math.floor(index / 10) % letters.length] ?? ''}-${index % 10}`;
}
