/** What the program of a consumer reads. The first two are those that the official SDKs read by themselves. */
export const consumerVariables = {
  openAiBaseUrl: 'OPENAI_BASE_URL',
  anthropicBaseUrl: 'ANTHROPIC_BASE_URL',
  /** Path of the file with the tenant's key. It changes with a rotation: read it for each request, or as often as is cheap. */
  keyFile: 'AI_GATEWAY_KEY_FILE',
} as const;

/** Entry of the Secret, and so the name of the file. */
export const keyFileName = 'gateway-key';
export const keyDirectory = '/etc/ai-gateway';
export const keyVolume = 'ai-gateway-key';
