import { createHash, randomBytes } from 'node:crypto';

/** What every target is asked, and what the provider behind them answers. */
export const requestBytes = 600;
export const answerBytes = 700;
export const path = '/v1/chat/completions';

export const apiKey = `sk-${randomBytes(16).toString('hex')}`;
export const apiKeySha256 = createHash('sha256').update(apiKey).digest('hex');

/** `shape` gets a text just long enough to make its JSON as long as was asked. */
function padded(bytes: number, shape: (text: string) => object): string {
  const missing = bytes - JSON.stringify(shape('')).length;
  return JSON.stringify(shape('word '.repeat(bytes).slice(0, missing)));
}

export const request = padded(requestBytes, (content) => ({
  model: 'bench',
  messages: [
    { role: 'system', content: 'You are a helpful assistant.' },
    { role: 'user', content },
  ],
}));

export const answer = padded(answerBytes, (content) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'bench-upstream',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 120, completion_tokens: 90, total_tokens: 210 },
}));
