/**
 * The two listeners. Both numbers are above 1023, so that the process needs no capability to bind them.
 *
 * `name` is what manifests refer to, so that a changed number changes no Service, probe or monitor.
 */
export const ports = {
  /** Clients of the gateway: the API and the health checks. */
  public: { name: 'http', number: 8080 },
  /** Operators only: `/metrics` and `/admin`. Never routed by the ingress. */
  admin: { name: 'http-admin', number: 9090 },
} as const;
