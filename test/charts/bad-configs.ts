import production from '../../charts/config/environments/production';
import type { BadInput } from './bad-input';

const { config } = production;
const [provider] = config.providers;
const [model] = config.models;
const key = (digit: string) => ({ sha256: digit.repeat(64) });

/** What is wrong in the gateway's own configuration, which the gateway itself would refuse at its start. */
export const badConfigs: BadInput[] = [
  [
    'a tenant twice',
    {
      config: {
        ...config,
        tenants: [
          { name: 'search', keys: [key('a')] },
          { name: 'search', keys: [key('b')] },
        ],
      },
    },
    'config.tenants[1].name',
    '"search"',
    /name of tenants\[0\] already/,
  ],
  [
    'a key of two tenants',
    {
      config: {
        ...config,
        tenants: [
          { name: 'search', keys: [key('a')] },
          { name: 'ads', keys: [key('a')] },
        ],
      },
    },
    'config.tenants[1].keys[0].sha256',
    '(hidden)',
    /key of tenant "search" already/,
  ],
  [
    'a provider twice',
    { config: { ...config, providers: [...config.providers, provider] } },
    'config.providers[2].name',
    '"in-cluster"',
    /name of providers\[0\] already/,
  ],
  [
    'a model twice',
    { config: { ...config, models: [...config.models, model] } },
    'config.models[2].name',
    '"llama-3.3-70b"',
    /name of models\[0\] already/,
  ],
  [
    "a tenant's model that does not exist",
    { config: { ...config, tenants: [{ name: 'search', keys: [key('a')], models: ['gpt-9'] }] } },
    'config.tenants[0].models[0]',
    '"gpt-9"',
    /must name a model \(llama-3\.3-70b, gpt-4o-mini\)/,
  ],
  [
    'operators whose blocks overlap',
    { config: { ...config, admin: { ...config.admin!, allowlist: ['10.0.0.0/8', '10.20.0.0/16'] } } },
    'config.admin.allowlist[1]',
    '"10.20.0.0/16"',
    /must not overlap 10\.0\.0\.0\/8/,
  ],
  [
    'an operator whose block is none',
    { config: { ...config, admin: { ...config.admin!, allowlist: ['10.0.0.1/8'] } } },
    'config.admin.allowlist[0]',
    '"10.0.0.1/8"',
    /block whose address is its first/,
  ],
  [
    'a password of the store as the admin token',
    { config: { ...config, admin: { ...config.admin!, tokenFile: 'redis-password' } } },
    'config.admin.tokenFile',
    '(hidden)',
    /credentials for Redis already/,
  ],
  ['a host name that is none', { host: 'gateway_1' }, 'host', '"gateway_1"', /full host name/],
];
