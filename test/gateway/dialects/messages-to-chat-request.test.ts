import { chatRequest } from '../../../gateway-app/src/providers/messages-to-chat/request';
import { refusal } from '../../support/refusal';

type Json = Record<string, unknown>;

const user = { role: 'user', content: 'x' };
const server = { maxTokensField: 'max_completion_tokens', reportsStreamUsage: true } as const;
const toOpenAi = (fields: Json): Json =>
  chatRequest({ max_tokens: 9, messages: [user], ...fields }, 'model', server);

const unsupported = 'unsupported_by_provider';
const invalid = 'invalid_request';
const anthropicTools = [{ name: 'f', input_schema: { type: 'object', properties: {} } }];
const schema = { type: 'object' };

describe('A message becomes a chat completion', () => {
  const content = (...blocks: Json[]): Json => ({ messages: [{ role: 'user', content: blocks }] });
  const cases: [string, Json, Json][] = [
    [
      'sampling',
      { temperature: 0.5, top_p: 0.9 },
      { temperature: 0.5, top_p: 0.9, max_completion_tokens: 9 },
    ],
    ['effort', { output_config: { effort: 'low' } }, { reasoning_effort: 'low' }],
    ['adaptive thinking', { thinking: { type: 'adaptive', display: 'omitted' } }, { model: 'model' }],
    ['the usual tier', { service_tier: 'standard_only' }, { service_tier: 'default' }],
    [
      'a schema for the answer',
      { output_config: { format: { type: 'json_schema', schema } } },
      { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } } },
    ],
    [
      'one tool, once',
      { tools: anthropicTools, tool_choice: { type: 'tool', name: 'f', disable_parallel_tool_use: true } },
      { tool_choice: { type: 'function', function: { name: 'f' } }, parallel_tool_calls: false },
    ],
    ['no tool', { tools: anthropicTools, tool_choice: { type: 'none' } }, { tool_choice: 'none' }],
    [
      'system texts, and one between the turns',
      {
        system: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
        messages: [user, { role: 'system', content: 'c' }],
      },
      { messages: [{ role: 'system', content: 'a\n\nb' }, user, { role: 'system', content: 'c' }] },
    ],
    [
      'thinking, which only Anthropic can read',
      {
        messages: [
          user,
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 't', signature: 's' },
              { type: 'redacted_thinking', data: 'd' },
              { type: 'text', text: 'a' },
            ],
          },
        ],
      },
      { messages: [user, { role: 'assistant', content: 'a' }] },
    ],
    [
      'documents',
      content(
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'plain' } },
        {
          type: 'document',
          title: 'a.pdf',
          source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' },
        },
      ),
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'plain' },
              { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' } },
            ],
          },
        ],
      },
    ],
  ];

  it.each(cases)('with %s', (_, fields, expected) => {
    expect(toOpenAi(fields)).toMatchObject(expected);
  });

  it.each<[Json, string, string]>([
    [{ max_tokens: null }, invalid, 'max_tokens'],
    [{ output_config: { effort: 'max' } }, unsupported, 'output_config.effort'],
    [{ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, unsupported, 'tools[0].type'],
    [{ messages: [{ role: 'tool', content: 'x' }] }, invalid, 'messages[0].role'],
    [
      content({ type: 'document', source: { type: 'url', url: 'https://a' } }),
      unsupported,
      'messages[0].content[0].source.type',
    ],
    [
      content({ type: 'image', source: { type: 'file', file_id: 'f' } }),
      unsupported,
      'messages[0].content[0].source.type',
    ],
    [
      content({
        type: 'tool_result',
        tool_use_id: 'a',
        content: [{ type: 'image', source: { type: 'url', url: 'https://a' } }],
      }),
      unsupported,
      'messages[0].content[0].content[0].type',
    ],
    [
      content({ type: 'server_tool_use', id: 'a', name: 'b', input: {} }),
      unsupported,
      'messages[0].content[0].type',
    ],
    [content({ type: 'tool_use', id: 'a', name: 'b', input: {} }), invalid, 'messages[0].content[0].type'],
  ])('and %j is refused', (fields, code, param) => {
    expect(refusal(() => toOpenAi(fields))).toEqual({ code, param });
  });
});
