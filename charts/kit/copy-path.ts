import type { Identity } from './identity';

/**
 * Where the copies of a region lie, in a bucket or a secret manager that other gateways and environments use too: under the
 * name of the region that they come from, so that two regions which copy to each other never write over one another.
 */
export function copyPath(
  { environment, name }: Pick<Identity, 'environment' | 'name'>,
  what: string,
  region: string,
): string {
  return `copies/${environment}/${name}/${what}/${region}`;
}
