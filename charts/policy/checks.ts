import type { Check } from './check';
import { dedicatedServiceAccount, noServiceAccountToken, noWildcardRbac } from './checks/access';
import {
  autoscalerRange,
  autoscalerSignal,
  autoscalerTarget,
  replicasLeftToAutoscaler,
} from './checks/autoscaling';
import {
  disruptionBudget,
  evictionsPermitted,
  lowNdots,
  priorityClass,
  zoneLossSurvived,
  zoneSpread,
} from './checks/availability';
import { tlsAtEntry } from './checks/entry';
import { noHostAccess, noRuntimeSocket } from './checks/host';
import { callersByIdentity, registryOnlyEgress, requestsSentOnce, strictMtls } from './checks/mesh';
import { highIds, runAsNonRoot } from './checks/identity';
import { imageNotLatest, imagePullPolicy, imageRegistry, imageTagAndDigest } from './checks/image';
import {
  allProbes,
  gracefulShutdown,
  livenessApart,
  probesOnDeclaredPorts,
  rollingUpdate,
} from './checks/lifecycle';
import {
  dnsEgress,
  namespaceLabelsThatExist,
  networkPolicyBothWays,
  networkPolicySelectsPods,
  noMetadataEgress,
  selectorsInOnePeer,
} from './checks/network';
import {
  legalNames,
  ownNamespace,
  podSecurityEnforced,
  standardLabels,
  uniqueObjects,
} from './checks/objects';
import { defaultProcMount, podSecurityAdmitted } from './checks/pod-security';
import { unprivilegedPorts } from './checks/ports';
import {
  dropAllCapabilities,
  noAddedCapabilities,
  noPrivilegeEscalation,
  notPrivileged,
  readOnlyRootFilesystem,
  seccompRuntimeDefault,
} from './checks/privileges';
import {
  boundedEmptyDirs,
  memoryRequestEqualsLimit,
  noSubPath,
  resourceRequestsAndLimits,
} from './checks/resources';
import { noPlainTextSecrets, secretsAsFiles, uniqueEnvKeys } from './checks/secrets';
import { clusterIpServices, selectorsMatch, serviceMonitorPort } from './checks/services';
import { wellFormed } from './checks/shape';

/** The policy, in the order of its reports. */
export const checks: readonly Check[] = [
  wellFormed,
  uniqueObjects,
  legalNames,
  standardLabels,
  ownNamespace,
  podSecurityEnforced,
  podSecurityAdmitted,
  runAsNonRoot,
  highIds,
  noPrivilegeEscalation,
  notPrivileged,
  readOnlyRootFilesystem,
  dropAllCapabilities,
  noAddedCapabilities,
  seccompRuntimeDefault,
  defaultProcMount,
  noHostAccess,
  noRuntimeSocket,
  unprivilegedPorts,
  noSubPath,
  noServiceAccountToken,
  dedicatedServiceAccount,
  noWildcardRbac,
  secretsAsFiles,
  noPlainTextSecrets,
  uniqueEnvKeys,
  imageTagAndDigest,
  imageNotLatest,
  imageRegistry,
  imagePullPolicy,
  resourceRequestsAndLimits,
  memoryRequestEqualsLimit,
  boundedEmptyDirs,
  allProbes,
  livenessApart,
  probesOnDeclaredPorts,
  gracefulShutdown,
  rollingUpdate,
  autoscalerRange,
  autoscalerTarget,
  autoscalerSignal,
  replicasLeftToAutoscaler,
  disruptionBudget,
  evictionsPermitted,
  zoneSpread,
  zoneLossSurvived,
  priorityClass,
  lowNdots,
  networkPolicyBothWays,
  networkPolicySelectsPods,
  namespaceLabelsThatExist,
  selectorsInOnePeer,
  dnsEgress,
  noMetadataEgress,
  clusterIpServices,
  selectorsMatch,
  serviceMonitorPort,
  tlsAtEntry,
  strictMtls,
  callersByIdentity,
  registryOnlyEgress,
  requestsSentOnce,
];
