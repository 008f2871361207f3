import { z } from 'zod';
import { rule } from '../../../gateway-app/contract/validate';
import { registry } from './policy-settings';
import { labelValue, pattern } from './scalars';

export const image = z.strictObject({
  registry: registry.optional(),
  repository: pattern(
    /^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
    'must be a path of lower-case words, without tag or digest',
    'write it like team/api-gateway, and the tag in `tag`',
  ),
  // Kubernetes' label rule is narrower than the registry's: the tag becomes the label app.kubernetes.io/version.
  tag: labelValue.refine(
    (tag) => tag !== 'latest',
    rule('must not be latest: two pulls of it can bring two programs', 'name a version'),
  ),
  digest: pattern(
    /^sha256:[0-9a-f]{64}$/,
    'must be sha256: and 64 lower-case hexadecimal digits',
    'copy it from the registry',
  ).optional(),
});

export type Image = z.output<typeof image>;
