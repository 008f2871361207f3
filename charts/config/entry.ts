/**
 * Who signs the certificate of the entry: an issuer of cert-manager. It must solve DNS-01 challenges where it speaks ACME:
 * a challenge by HTTP for the name that all regions share reaches one of them only.
 */
export type IssuerInput =
  /** One of the cluster. */
  | { readonly clusterIssuer: string }
  /** One of the namespace of the ingress gateway, where the certificate must lie. */
  | { readonly issuer: string };

/** Where requests enter the cluster, and how they are told apart from others until they reach the gateway. */
export type Entry =
  | ({ readonly kind: 'istio' } & IstioEntryInput)
  | ({ readonly kind: 'gateway-api' } & GatewayApiEntryInput)
  | { readonly kind: 'none' };

/**
 * Istio with sidecars, and its ingress gateway in `network.ingressNamespace`.
 *
 * @see docs/entry.md
 */
export interface IstioEntryInput {
  /** Who signs the certificate for the hosts. */
  readonly certificate: IssuerInput;
  /** Value of the label `istio` on the pods of the ingress gateway. @default ingressgateway (istioGatewayLabel) */
  readonly gatewayLabel?: string;
  /**
   * Service account of the ingress gateway: the one identity that may send requests.
   * @default istio-ingressgateway-service-account (istioGatewayServiceAccount)
   */
  readonly gatewayServiceAccount?: string;
  /** Namespace of istiod. @default istio-system (istioNamespace) */
  readonly controlPlaneNamespace?: string;
  /** How Prometheus gets past mTLS. Absent: `MeshScrape.plainText()`. */
  readonly scrape?: MeshScrape;
  /** How operators reach `/admin`. Absent: `Admin.portForward()`. */
  readonly admin?: Admin;
}

/**
 * The Gateway API, with a Gateway of its own in `network.ingressNamespace`: the namespace whose pods then bring the
 * requests, which a class decides. The clients' TLS ends at the Gateway.
 */
export interface GatewayApiEntryInput {
  /** Who signs the certificate for the hosts. */
  readonly certificate: IssuerInput;
  /** Which controller serves the Gateway, e.g. `eg` of Envoy Gateway. Its proxies must not retry by themselves. */
  readonly gatewayClass: string;
  /**
   * TLS from its proxies to the pods. Needed where `config.tls` makes the gateway speak TLS, refused where it does not.
   * Absent: plain HTTP.
   */
  readonly backendTls?: BackendTlsInput | undefined;
}

/** What the proxies check of the certificate that the gateway shows: that of `config.tls.certFile`. */
export interface BackendTlsInput {
  /** A DNS name that the certificate holds, e.g. `ai-gateway.ai-gateway.svc`. The proxies send it as SNI, too. */
  readonly hostName: string;
  /** Who must have signed the certificate. */
  readonly authority: BackendAuthority;
}

/** The authorities that the proxies trust for the certificate of the gateway. */
export type BackendAuthority =
  /** A ConfigMap in the gateway's namespace, made by someone else. Its entry `ca.crt` holds them, in PEM. */
  | { readonly caConfigMap: string }
  /** Those that the image of the proxies brings. Not every implementation takes this. */
  | { readonly wellKnown: 'System' };

/** Entries, each by what serves it. Values are checked where they are used, all at once. */
export const Entry = {
  /** Istio: mTLS to the pods, callers by identity, egress to what the configuration names and to nothing else. */
  istio: (input: IstioEntryInput): Entry => ({ kind: 'istio', ...input }),

  /** Any implementation of the Gateway API. Operators reach `/admin` by `kubectl port-forward` only. */
  gatewayApi: (input: GatewayApiEntryInput): Entry => ({ kind: 'gateway-api', ...input }),

  /** Somebody else's: pods of `network.ingressNamespace` bring the requests, and none of its objects is written. */
  none: (): Entry => ({ kind: 'none' }),
};

/** How a Prometheus outside the mesh reads `/metrics` of pods that demand mTLS. */
export type MeshScrape =
  { readonly kind: 'plain-text' } | ({ readonly kind: 'mesh-certificate' } & MeshCertificateInput);

/** A sidecar in the pod of Prometheus writes its certificate to a folder, and catches none of its traffic. */
export interface MeshCertificateInput {
  /** Of Prometheus, in `network.monitoringNamespace`: no other may read `/metrics`. */
  readonly serviceAccount: string;
  /** Folder in its pod with `cert-chain.pem`, `key.pem` and `root-cert.pem`. @default /etc/prom-certs (meshCertificateFolder) */
  readonly certificateFolder?: string;
}

export const MeshScrape = {
  /**
   * The admin port, and it alone, takes plain text as well. The NetworkPolicy lets in the namespace of Prometheus only, and
   * the mesh lets through `GET /metrics` only.
   */
  plainText: (): MeshScrape => ({ kind: 'plain-text' }),

  /** Every port demands mTLS, and Prometheus shows a certificate of the mesh. */
  meshCertificate: (input: MeshCertificateInput): MeshScrape => ({ kind: 'mesh-certificate', ...input }),
};

/** How operators reach `/admin`. The token is needed on either way. */
export type Admin =
  { readonly kind: 'port-forward' } | ({ readonly kind: 'via-ingress' } & AdminIngressInput);

export interface AdminIngressInput {
  /**
   * Blocks of client addresses, each within one of `config.admin.allowlist`. Absent: those of the allowlist that are not
   * loopback.
   */
  readonly cidrs?: readonly string[] | undefined;
}

export const Admin = {
  /** Through the API server, whose rights decide: `kubectl port-forward`. Nothing leads to it from outside. */
  portForward: (): Admin => ({ kind: 'port-forward' }),

  /**
   * Through the entry, from some addresses. One list closes three doors: the ingress gateway refuses other clients, the
   * NetworkPolicy and the mesh let in the ingress gateway alone, and the gateway itself looks at the address again.
   */
  viaIngress: (input: AdminIngressInput = {}): Admin => ({ kind: 'via-ingress', ...input }),
};
