import type { RuntimeConfigInput } from '../../contract/runtime-config';

/** What development mode serves without a file: an answer on the first request, with no key and no network. */
export const builtinConfig: RuntimeConfigInput = {
  version: 1,
  access: 'anonymous',
  providers: [{ name: 'echo', kind: 'echo' }],
  models: [{ name: 'echo', targets: [{ provider: 'echo', model: 'echo' }] }],
};
