import type { Duration } from 'cdk8s';

/** A Route 53 zone. */
export interface HostedZoneInput {
  /** Its domain, e.g. `example.com`. */
  readonly domain: string;
  /** Its id, `Z` and capital letters or digits. */
  readonly id: string;
}

/** DNS failover records in Route 53. */
export interface Route53Input {
  /** The zone that holds the host. */
  readonly hostedZone: HostedZoneInput;
  /** Failed checks in a row until a region counts as down, and good ones until it is back, 1 to 10. @default 3 (failureThreshold) */
  readonly failureThreshold?: number;
  /** How long a resolver keeps the answer, whole seconds. @default 1 minute (recordTtl) */
  readonly recordTtl?: Duration;
}

/** The same, moved by a person. */
export interface ApprovedRoute53Input extends Route53Input {
  /**
   * ARN of a routing control (Application Recovery Controller) for each region, by its key in `regions`. A region serves
   * while its control is on. They are made by hand or by Terraform: no controller of Kubernetes knows them.
   */
  readonly routingControls: Readonly<Record<string, string>>;
}

/** What k8gb is told. */
export interface K8gbInput {
  /**
   * What leads the clients' requests in, in the gateway's namespace of each region's cluster. k8gb reads the host and
   * the healthy addresses from it. A `Service` is of type LoadBalancer.
   */
  readonly route: {
    readonly kind: 'HTTPRoute' | 'VirtualService' | 'Ingress' | 'Service';
    readonly name: string;
  };
  /** How long a resolver keeps the answer, whole seconds. @default 1 minute (recordTtl) */
  readonly recordTtl?: Duration;
}

/** Health checks move the clients. Made by {@link Failover}. */
export type AutomaticRoute53 = { readonly kind: 'route53' } & Route53Input;
/** A person moves the clients. Made by {@link Failover}. */
export type ApprovedRoute53 = { readonly kind: 'route53' } & ApprovedRoute53Input;
/** k8gb moves the clients. Made by {@link Failover}. */
export type K8gb = { readonly kind: 'k8gb' } & K8gbInput;
/** Something else moves the clients. Made by {@link Failover}. */
export interface NoEmitter {
  readonly kind: 'none';
}

/** Who moves the clients to another region. Values are checked where they are used, all at once. */
export const Failover = {
  route53,

  /**
   * k8gb, a DNS of one's own in the clusters, for clouds without Route 53. It moves by itself only: a person cannot be
   * asked. Its interval is a setting of the operator, `reconcileRequeueSeconds`, and must be `healthCheckInterval`.
   */
  k8gb: (input: K8gbInput): K8gb => ({ kind: 'k8gb', ...input }),

  /** Nothing is written: an anycast entry or a global load balancer moves the clients. */
  none: (): NoEmitter => ({ kind: 'none' }),
};

/**
 * Records and health checks in Route 53, through its ACK controller. More than two regions become names within names,
 * since Route 53 knows one primary and one secondary record for a name.
 */
function route53(input: ApprovedRoute53Input): ApprovedRoute53;
function route53(input: Route53Input): AutomaticRoute53;
function route53(input: Route53Input): AutomaticRoute53 {
  return { kind: 'route53', ...input };
}
