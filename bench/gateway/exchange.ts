import { createHash, randomBytes } from 'node:crypto';

/** What every target is asked, and what the provider behind them answers. */
export const requestBytes = 600;
export const answerBytes = 700;
export const path = '/v1/chat/completions';

/** One key for all processes of a run: the children find it in their environment. */
const keyVariable = 'BENCH_API_KEY';
export const apiKey = (process.env[keyVariable] ??= `sk-${randomBytes(16).toString('hex')}`);
export const apiKeySha256 = createHash('sha256').update(apiKey).digest('hex');

/** Names that clients ask for: the same provider, plain and over TLS. */
export const plainModel = 'bench';
export const tlsModel = 'bench-tls';

/** `shape` gets a text just long enough to make its JSON as long as was asked. */
function padded(bytes: number, shape: (text: string) => object): string {
  const missing = bytes - JSON.stringify(shape('')).length;
  return JSON.stringify(shape('word '.repeat(bytes).slice(0, missing)));
}

const question = (fields: object): string =>
  padded(requestBytes, (content) => ({
    ...fields,
    messages: [
      { role: 'system', content: 'You are a helpful assistant.' },
      { role: 'user', content },
    ],
  }));

export const request = question({ model: plainModel });

/** With its usage asked for, so that the gateway withholds nothing and every byte of the stream can be counted. */
export const streamRequest = (model: string): string =>
  question({ model, stream: true, stream_options: { include_usage: true } });

const usage = { prompt_tokens: 120, completion_tokens: 90, total_tokens: 210 };

export const answer = padded(answerBytes, (content) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'bench-upstream',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage,
}));

export const chunkBytes = 250;
export const chunksPerStream = 60;
export const chunkIntervalMs = 50;

const event = (fields: object, delta: boolean): string => {
  const json = padded(chunkBytes - 'data: \n\n'.length, (content) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'bench-upstream',
    choices: delta ? [{ index: 0, delta: { content }, finish_reason: null }] : [],
    ...(!delta && { system_fingerprint: content }),
    ...fields,
  }));
  return `data: ${json}\n\n`;
};

/** Each of {@link chunkBytes}; a stream is so many of the first, and one of the second with the end mark behind it. */
export const tokenEvent = event({}, true);
export const usageEvent = event({ usage }, false);
export const endMark = 'data: [DONE]\n\n';
