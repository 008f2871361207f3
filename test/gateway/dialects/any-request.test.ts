import fc from 'fast-check';
import { GatewayError } from '../../../gateway-app/src/core/gateway-error';
import type { JsonObject } from '../../../gateway-app/src/core/upstream';
import { chatToMessagesFields } from '../../../gateway-app/src/providers/chat-to-messages/fields';
import { messagesRequest } from '../../../gateway-app/src/providers/chat-to-messages/request';
import type { FieldRules } from '../../../gateway-app/src/providers/field-rules';
import { messagesToChatFields } from '../../../gateway-app/src/providers/messages-to-chat/fields';
import { chatRequest } from '../../../gateway-app/src/providers/messages-to-chat/request';
import { openAiDialect } from '../../../gateway-app/src/providers/openai-dialect';

const server = { maxTokensField: 'max_tokens', reportsStreamUsage: true } as const;

/** Bodies made of the words of a dialect, with any values: what plain noise would never reach. */
function bodies(rules: FieldRules): fc.Arbitrary<JsonObject> {
  const paths = Object.keys(rules);
  const keys = [...new Set(paths.map((path) => path.replace(/=.*/, '').replace(/^.*\./, '')))];
  const types = paths.flatMap((path) => /type=(.*)$/.exec(path)?.[1] ?? []);
  const word = fc.constantFrom(...types, 'user', 'assistant', 'system', 'tool', 'auto', 'x', '');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(word, fc.constantFrom(null, true, 0, 1.5, -1, '{}', '[')),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 5 }),
    ),
  }));
  return fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 8 });
}

const cases: [string, FieldRules, (body: JsonObject) => JsonObject][] = [
  ['chat completion', chatToMessagesFields, (body) => messagesRequest(body, 'model', 4096)],
  ['message', messagesToChatFields, (body) => chatRequest(body, 'model', server)],
];

describe.each(cases)('Any %s', (_, rules, translate) => {
  it('is translated into JSON or refused as the fault of the client, and is never changed itself', () => {
    fc.assert(
      fc.property(bodies(rules), (body) => {
        const before = JSON.stringify(body);
        try {
          expect(translate(body)).toHaveProperty('model', 'model');
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
          expect(['invalid_request', 'unsupported_by_provider']).toContain((error as GatewayError).code);
        }
        expect(JSON.stringify(body)).toBe(before);
      }),
      { seed: 20_241_128, numRuns: 5_000 },
    );
  });
});

describe('Stream options that are none', () => {
  it.each(['abc', 7, [1], true])('%j are left for the provider to refuse', (options) => {
    const translate = openAiDialect({ ...server, path: () => '/', headers: () => ({}) });
    const body = { stream: true, stream_options: options, messages: [] };
    const { request } = translate({
      operation: 'chat_completions',
      body,
      model: 'm',
      stream: true,
      headers: {},
    });
    expect(JSON.parse(request.body)).toMatchObject({ stream_options: options });
  });
});
