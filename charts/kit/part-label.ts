/**
 * Label of the pods that an operator starts for one of our resources. Never one of those that select the gateway: its
 * Service would send requests to these pods.
 */
export function partLabel(part: string): Record<string, string> {
  return { 'cdk8s-ai-gateway/part': part };
}
