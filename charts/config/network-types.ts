/** One destination that the gateway may open connections to. */
export type EgressInput = NamespaceEgressInput | CidrEgressInput;

/** The pods of a namespace of this cluster. */
export interface NamespaceEgressInput {
  /** Its name, as the label `kubernetes.io/metadata.name` has it. */
  readonly namespace: string;
  /** TCP port of the pods. Not of their Service: a NetworkPolicy is judged after the Service's translation. */
  readonly port: number;
}

/** An address block, e.g. of a private model server: a NetworkPolicy knows no host names. */
export interface CidrEgressInput {
  /** IPv4 block, e.g. `10.20.0.0/16`. */
  readonly cidr: string;
  /** TCP port. */
  readonly port: number;
}

/** Who may talk to the gateway, and whom it may talk to. Everything else is denied in both directions. */
export interface NetworkInput {
  /** Namespace whose pods bring the clients' requests. @default istio-system (ingressNamespace) */
  readonly ingressNamespace?: string;
  /** Namespace of Prometheus: the only one that reaches the admin port. @default monitoring (monitoringNamespace) */
  readonly monitoringNamespace?: string;
  /**
   * Namespaces of this cluster whose pods come to the gateway directly, by its Service and not by the entry: those of
   * `GatewayConsumer` with the route `direct`. Absent: none.
   */
  readonly consumers?: readonly string[];
  /**
   * Destinations besides DNS, the providers and the store. Those are opened by the configuration, on the ports that it
   * names. Two of them need an entry all the same: a Service whose `targetPort` is another port, since a NetworkPolicy is
   * judged by the port of the pod, and a private address known by a host name outside this cluster. Absent: no others.
   */
  readonly egress?: readonly EgressInput[];
}
