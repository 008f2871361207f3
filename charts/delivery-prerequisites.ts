import type { Environment } from './config/schema/environment';
import { reservedDomain } from './config/reserved-domain';

/** What Argo CD must be and have: without it nothing is delivered, or all regions at once. */
export function deliveryPrerequisites({ delivery }: Environment): string[] {
  if (delivery.kind !== 'argo-cd') return [];
  const { repository, path, namespace } = delivery;
  return [
    ...placeholder(repository),
    `delivery: Argo CD 3.0 or newer must run in namespace ${namespace} with applicationsetcontroller.enable.progressive.syncs: "true" in argocd-cmd-params-cm, or all regions are changed at once. It needs credentials for ${repository}, where each synthesized folder but global is committed below ${path}, and its clusters registered under the names in delivery.clusters. Apply dist/global by hand.`,
  ];
}

function placeholder(repository: string): string[] {
  const host = /^(?:[a-z]+:\/\/)?(?:[^@/]+@)?([^:/]+)/.exec(repository)?.[1] ?? '';
  if (!reservedDomain.test(host)) return [];
  return [`delivery: repository ${repository} stands for your own. Replace before applying dist/global.`];
}
