import type { Cases } from './case';
import { host } from './cases/host';
import { identity } from './cases/identity';
import { ports } from './cases/ports';
import { privileges } from './cases/privileges';
import { shape } from './cases/shape';

/** What each check refuses and accepts, one file per theme as in the policy itself. */
export const cases: Cases = { ...shape, ...identity, ...privileges, ...host, ...ports };
