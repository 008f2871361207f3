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

/** A listener as others must speak to it. */
export interface ListenerPort {
  readonly name: string;
  readonly number: number;
  readonly protocol: 'http' | 'https';
}

/** Both listeners of a gateway with this configuration. Under TLS the port's name says so, for who goes by names. */
export function portsOf({ tls }: { readonly tls?: object | undefined }): {
  readonly public: ListenerPort;
  readonly admin: ListenerPort;
} {
  return {
    public:
      tls === undefined
        ? { ...ports.public, protocol: 'http' }
        : { ...ports.public, name: 'https', protocol: 'https' },
    admin: { ...ports.admin, protocol: 'http' },
  };
}
