import type { Manifest } from '../../../charts';

/** What Route 53 would be told by the objects of the ACK controller. */
export interface HealthCheck {
  readonly name: string;
  readonly host: string;
  readonly path: string;
  readonly intervalSeconds: number;
  readonly threshold: number;
}

interface RecordSet {
  readonly name: string;
  readonly failover: string;
  /** Undefined for an alias. */
  readonly healthCheck: string | undefined;
  readonly value: string | undefined;
  readonly ttlSeconds: number | undefined;
  readonly aliasOf: string | undefined;
}

export interface Answer {
  readonly canonicalName: string;
  readonly ttlSeconds: number;
}

interface HealthCheckSpec {
  readonly healthCheckConfig: {
    readonly type: string;
    readonly fullyQualifiedDomainName: string;
    readonly resourcePath: string;
    readonly requestInterval: number;
    readonly failureThreshold: number;
  };
}

interface RecordSetSpec {
  readonly name: string;
  readonly failover: string;
  readonly ttl?: number;
  readonly healthCheckRef?: { readonly from: { readonly name: string } };
  readonly resourceRecords?: readonly { readonly value: string }[];
  readonly aliasTarget?: { readonly dnsName: string; readonly evaluateTargetHealth: boolean };
}

/** Answers as Route 53 does, by its documentation of failover records. */
export class Route53Zone {
  readonly checks: readonly HealthCheck[];
  readonly #records: readonly RecordSet[];

  /** @param domain Of the zone: the controller appends it to each record's name. */
  constructor(manifests: readonly Manifest[], domain: string) {
    const named = (kind: string) =>
      manifests
        .filter((manifest) => manifest['kind'] === kind)
        .map((manifest) => ({
          name: (manifest['metadata'] as { name: string }).name,
          spec: manifest['spec'],
        }));
    this.checks = named('HealthCheck').map(({ name, spec }) => checkOf(name, spec as HealthCheckSpec));
    this.#records = named('RecordSet').map(({ spec }) => recordOf(spec as RecordSetSpec, domain));
  }

  /** @param isHealthy By the name of a health check. */
  answer(name: string, isHealthy: (check: string) => boolean): Answer | undefined {
    const here = this.#records.filter((record) => record.name === name);
    const primary = here.find(({ failover }) => failover === 'PRIMARY');
    const secondary = here.find(({ failover }) => failover === 'SECONDARY');
    if (primary === undefined) return undefined;
    // Where both are down, the primary is the better guess.
    const chosen =
      this.#serves(primary, isHealthy) || secondary === undefined || !this.#serves(secondary, isHealthy)
        ? primary
        : secondary;
    if (chosen.aliasOf !== undefined) return this.answer(chosen.aliasOf, isHealthy);
    return { canonicalName: chosen.value ?? '', ttlSeconds: chosen.ttlSeconds ?? 0 };
  }

  #serves({ healthCheck, aliasOf }: RecordSet, isHealthy: (check: string) => boolean): boolean {
    if (healthCheck !== undefined) return isHealthy(healthCheck);
    if (aliasOf === undefined) return true;
    return this.#records.some((record) => record.name === aliasOf && this.#serves(record, isHealthy));
  }
}

function checkOf(name: string, { healthCheckConfig: config }: HealthCheckSpec): HealthCheck {
  return {
    name,
    host: config.fullyQualifiedDomainName,
    path: config.resourcePath,
    intervalSeconds: config.requestInterval,
    threshold: config.failureThreshold,
  };
}

function recordOf(spec: RecordSetSpec, domain: string): RecordSet {
  const alias = spec.aliasTarget;
  return {
    name: `${spec.name}.${domain}`,
    failover: spec.failover,
    healthCheck: spec.healthCheckRef?.from.name,
    value: spec.resourceRecords?.[0]?.value,
    ttlSeconds: spec.ttl,
    // One that does not ask the health of its target serves whatever happens to it.
    aliasOf: alias?.evaluateTargetHealth === true ? alias.dnsName : undefined,
  };
}
