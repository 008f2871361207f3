/** Annotations that the manifests and the policy over them agree on. */
export const annotations = {
  /**
   * On a pod: from SIGTERM, its program serves on and drains for this many seconds at most, then it exits. A manifest
   * cannot show what a program does, so without this or a preStop hook a pod counts as one that drops its requests.
   */
  drainSeconds: 'cdk8s-ai-gateway/drain-seconds',
  /** On a pod: fingerprint of what its program reads at the start only, so that a change of it brings new pods. */
  startConfig: 'cdk8s-ai-gateway/start-config',
} as const;
