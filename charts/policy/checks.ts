import type { Check } from './check';
import { noHostAccess } from './checks/host';
import { highIds, runAsNonRoot } from './checks/identity';
import { unprivilegedPorts } from './checks/ports';
import {
  dropAllCapabilities,
  noAddedCapabilities,
  noPrivilegeEscalation,
  notPrivileged,
  readOnlyRootFilesystem,
  seccompRuntimeDefault,
} from './checks/privileges';
import { wellFormed } from './checks/shape';

/** The policy, in the order of its reports. */
export const checks: readonly Check[] = [
  wellFormed,
  runAsNonRoot,
  highIds,
  noPrivilegeEscalation,
  notPrivileged,
  readOnlyRootFilesystem,
  dropAllCapabilities,
  noAddedCapabilities,
  seccompRuntimeDefault,
  noHostAccess,
  unprivilegedPorts,
];
