import { done } from './fake-provider';

/** A part of an answer: a text, or a call of a tool. */
export type ChatPart =
  | { readonly text: string }
  | { readonly call: { readonly id: string; readonly name: string; readonly arguments: string } };

const usageOf = {
  prompt_tokens: 20,
  completion_tokens: 7,
  total_tokens: 27,
  prompt_tokens_details: { cached_tokens: 5 },
};

/** A whole chat completion. */
export function completionWith(parts: readonly ChatPart[], finish = 'stop'): object {
  const texts = parts.flatMap((part) => ('text' in part ? [part.text] : []));
  const calls = parts.flatMap((part) => ('call' in part ? [part.call] : []));
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'provider-model',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: texts.length === 0 ? null : texts.join(''),
          refusal: null,
          ...(calls.length > 0 && {
            tool_calls: calls.map(({ id, ...called }) => ({ id, type: 'function', function: called })),
          }),
        },
        logprobs: null,
        finish_reason: finish,
      },
    ],
    usage: usageOf,
    service_tier: 'default',
  };
}

/**
 * The same as the events of a stream, each a text of its own. Texts and arguments come in pieces.
 *
 * @param usage Null: the server reports none.
 */
export function chatStream(
  parts: readonly ChatPart[],
  finish = 'stop',
  { usage = usageOf }: { usage?: object | null } = {},
): string[] {
  let calls = -1;
  return [
    chunk({ role: 'assistant', content: '' }),
    ...parts.flatMap((part) => {
      if ('text' in part) return halves(part.text).map((content) => chunk({ content }));
      calls += 1;
      const { id, name, arguments: text } = part.call;
      const head = { index: calls, id, type: 'function', function: { name, arguments: '' } };
      return [
        chunk({ tool_calls: [head] }),
        ...halves(text).map((piece) =>
          chunk({ tool_calls: [{ index: head.index, function: { arguments: piece } }] }),
        ),
      ];
    }),
    chunk({}, finish),
    ...(usage === null ? [] : [event({ choices: [], usage })]),
    done,
  ];
}

function chunk(delta: object, finish: string | null = null): string {
  return event({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], usage: null });
}

function event(rest: object): string {
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'provider-model' };
  return `data: ${JSON.stringify({ ...head, ...rest })}\n\n`;
}

function halves(value: string): string[] {
  const middle = Math.ceil(value.length / 2);
  return [value.slice(0, middle), value.slice(middle)].filter((piece) => piece !== '');
}
