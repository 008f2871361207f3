/**
 * Headers of any request to a provider. They are written anew and none of the client's is copied, so its credentials, and
 * what it says about its own connection, cannot reach the provider.
 */
export function requestHeaders(stream: boolean): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: stream ? 'text/event-stream' : 'application/json',
    // A compressed stream would hide where its events end.
    'accept-encoding': 'identity',
    'user-agent': 'cdk8s-ai-gateway',
  };
}
