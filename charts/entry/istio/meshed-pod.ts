import { shutdownTimings } from '../../../gateway-app/contract/timings';
import type { EntryEffects } from '../../kit/entry-effects';
import { secondsText } from '../gateway-entry';

/** What the proxy is told beside the mesh's own defaults. */
const proxyConfig = {
  // Where the sidecar is no native one, the gateway would meet a network that is not there yet.
  holdApplicationUntilProxyStarts: true,
  proxyMetadata: {
    // With its own clock it would cut, 5 seconds after SIGTERM, the streams that the gateway still serves.
    EXIT_ON_ZERO_ACTIVE_CONNECTIONS: 'true',
    // Before it counts them: requests come until everybody has heard that the pod goes.
    MINIMUM_DRAIN_DURATION: secondsText(shutdownTimings.endpointPropagationMs),
  },
};

/** What makes a pod a part of the mesh. */
export const meshedPod: EntryEffects['pod'] = {
  labels: { 'sidecar.istio.io/inject': 'true' },
  annotations: {
    // An init container that goes on: there before the gateway, and gone only after it.
    'sidecar.istio.io/nativeSidecar': 'true',
    // The kubelet has no certificate of the mesh, so its probes go through the proxy's agent.
    'sidecar.istio.io/rewriteAppHTTPProbers': 'true',
    'proxy.istio.io/config': JSON.stringify(proxyConfig),
  },
};
