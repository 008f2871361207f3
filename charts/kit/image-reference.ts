import type { ImageInput } from '../config/types';

/** The image as a container names it. */
export function imageReference({ registry, repository, tag, digest }: ImageInput): string {
  const path = registry === undefined ? repository : `${registry}/${repository}`;
  return digest === undefined ? `${path}:${tag}` : `${path}:${tag}@${digest}`;
}
