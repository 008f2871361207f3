import type { RuleGroup } from './alert-case';
import type { Folder, Manifest } from './reference-manifests';

interface Selector {
  readonly matchLabels: Readonly<Record<string, string>>;
}

interface ServiceMonitorSpec {
  readonly endpoints: readonly {
    readonly relabelings?: readonly { readonly targetLabel: string; readonly replacement: string }[];
  }[];
  readonly jobLabel?: string;
  readonly selector: Selector;
}

/** The rule groups of a folder's PrometheusRules. */
export function ruleGroups(folder: Folder): RuleGroup[] {
  return specsOf<{ readonly groups: readonly RuleGroup[] }>(folder, 'PrometheusRule').flatMap(
    ({ groups }) => groups,
  );
}

/** The labels by which the rules select: the operator's scrape gives them to every series of the gateway. */
export type ScrapeLabels = Readonly<Record<'namespace' | 'job' | 'region', string>>;

/** @throws Error where the folder's ServiceMonitor selects none of its Services. */
export function scrapeLabels(folder: Folder): ScrapeLabels {
  const [monitor] = specsOf<ServiceMonitorSpec>(folder, 'ServiceMonitor');
  const service = folder.manifests.find(
    ({ kind, metadata }) =>
      kind === 'Service' &&
      Object.entries(monitor?.selector.matchLabels ?? {}).every(
        ([name, value]) => metadata.labels?.[name] === value,
      ),
  );
  if (monitor === undefined || service === undefined) {
    throw new Error(`${folder.name} has no ServiceMonitor that selects a Service: nothing would be scraped.`);
  }
  const { name, namespace = 'default', labels } = service.metadata;
  const region = monitor.endpoints[0]?.relabelings?.find(({ targetLabel }) => targetLabel === 'region');
  return {
    namespace,
    job: (monitor.jobLabel === undefined ? undefined : labels?.[monitor.jobLabel]) ?? name,
    region: region?.replacement ?? '',
  };
}

function specsOf<Spec>(folder: Folder, kind: string): Spec[] {
  return folder.manifests
    .filter((manifest: Manifest) => manifest.kind === kind)
    .map((manifest) => manifest.spec as Spec);
}
