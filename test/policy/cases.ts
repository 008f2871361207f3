import type { Cases } from './case';
import { access } from './cases/access';
import { availability } from './cases/availability';
import { container } from './cases/container';
import { entry } from './cases/entry';
import { host } from './cases/host';
import { identity } from './cases/identity';
import { mesh } from './cases/mesh';
import { network } from './cases/network';
import { objects } from './cases/objects';
import { podSecurity } from './cases/pod-security';
import { ports } from './cases/ports';
import { privileges } from './cases/privileges';
import { rollout } from './cases/rollout';
import { scaling } from './cases/scaling';
import { secrets } from './cases/secrets';
import { services } from './cases/services';
import { shape } from './cases/shape';

/** What each check refuses and accepts, one file per theme. */
export const cases: Cases = {
  ...shape,
  ...objects,
  ...podSecurity,
  ...identity,
  ...privileges,
  ...host,
  ...ports,
  ...access,
  ...secrets,
  ...container,
  ...rollout,
  ...scaling,
  ...availability,
  ...network,
  ...services,
  ...entry,
  ...mesh,
};
