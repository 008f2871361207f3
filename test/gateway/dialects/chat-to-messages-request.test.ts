import { messagesRequest } from '../../../gateway-app/src/providers/chat-to-messages/request';
import { refusal } from '../../support/refusal';

type Json = Record<string, unknown>;

const user = { role: 'user', content: 'x' };
const toAnthropic = (fields: Json): Json => messagesRequest({ messages: [user], ...fields }, 'model', 4096);

const unsupported = 'unsupported_by_provider';
const invalid = 'invalid_request';
const tools = [{ type: 'function', function: { name: 'f' } }];
const anthropicTools = [{ name: 'f', input_schema: { type: 'object', properties: {} } }];
const schema = { type: 'object' };

describe('A chat completion becomes a request of Anthropic', () => {
  const cases: [string, Json, Json][] = [
    ['a bound by the newer name', { max_completion_tokens: 5, max_tokens: 6 }, { max_tokens: 5 }],
    ['a bound by the older name', { max_tokens: 6 }, { max_tokens: 6 }],
    ['no bound', {}, { max_tokens: 4096 }],
    ['one stop text', { stop: 'END' }, { stop_sequences: ['END'] }],
    ['stop texts', { stop: ['a', 'b'] }, { stop_sequences: ['a', 'b'] }],
    ['sampling', { temperature: 1, top_p: 0.5, top_k: 4 }, { temperature: 1, top_p: 0.5, top_k: 4 }],
    ['a user', { user: 'u' }, { metadata: { user_id: 'u' } }],
    ['a safety identifier', { user: 'u', safety_identifier: 's' }, { metadata: { user_id: 's' } }],
    ['effort', { reasoning_effort: 'high' }, { output_config: { effort: 'high' } }],
    ['the usual tier', { service_tier: 'default' }, { service_tier: 'standard_only' }],
    ['any tier', { service_tier: 'auto' }, { service_tier: 'auto' }],
    ['a function without parameters', { tools }, { tools: anthropicTools }],
    ['a free choice', { tools, tool_choice: 'auto' }, { tool_choice: { type: 'auto' } }],
    [
      'no tool',
      { tools, tool_choice: 'none', parallel_tool_calls: false },
      { tool_choice: { type: 'none' } },
    ],
    ['any tool', { tools, tool_choice: 'required' }, { tool_choice: { type: 'any' } }],
    [
      'one tool, once',
      { tools, tool_choice: { type: 'function', function: { name: 'f' } }, parallel_tool_calls: false },
      { tool_choice: { type: 'tool', name: 'f', disable_parallel_tool_use: true } },
    ],
    [
      'one call at a time',
      { tools, parallel_tool_calls: false },
      { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
    ],
    [
      'a schema for the answer',
      { response_format: { type: 'json_schema', json_schema: { name: 'n', description: 'd', schema } } },
      { output_config: { format: { type: 'json_schema', schema: { description: 'd', type: 'object' } } } },
    ],
    [
      'system and developer messages, in their order, without empty texts',
      {
        messages: [
          { role: 'system', content: 'a' },
          user,
          {
            role: 'developer',
            content: [
              { type: 'text', text: 'b' },
              { type: 'text', text: '' },
            ],
          },
        ],
      },
      {
        system: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ],
    [
      'neighbours of one role, and an answer of nothing',
      { messages: [user, { role: 'assistant', content: '' }, user] },
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'x' },
              { type: 'text', text: 'x' },
            ],
          },
        ],
      },
    ],
    [
      'a refusal that the client sends back',
      { messages: [user, { role: 'assistant', content: null, refusal: 'No.', annotations: [] }] },
      {
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'x' }] },
          { role: 'assistant', content: [{ type: 'text', text: 'No.' }] },
        ],
      },
    ],
    [
      'a PDF',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' } },
            ],
          },
        ],
      },
      {
        messages: [
          {
            role: 'user',
            content: [
              {
                type: 'document',
                title: 'a.pdf',
                source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' },
              },
            ],
          },
        ],
      },
    ],
    [
      'a cache mark',
      {
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }] },
        ],
      },
      {
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }] },
        ],
      },
    ],
  ];

  it.each(cases)('with %s', (_, fields, expected) => {
    expect(toAnthropic(fields)).toMatchObject(expected);
  });

  it('without a tool choice where it has no tools', () => {
    expect(toAnthropic({ tools: [], tool_choice: 'auto', parallel_tool_calls: true })).not.toHaveProperty(
      'tool_choice',
    );
  });

  const image = (url: string): Json => ({
    messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
  });
  const call = (text: string): Json => ({
    messages: [
      {
        role: 'assistant',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: text } }],
      },
    ],
  });

  it.each<[Json, string, string]>([
    [{ temperature: 1.1 }, unsupported, 'temperature'],
    [{ temperature: 'hot' }, invalid, 'temperature'],
    [{ reasoning_effort: 'none' }, unsupported, 'reasoning_effort'],
    [{ service_tier: 'flex' }, unsupported, 'service_tier'],
    [{ tools, tool_choice: { type: 'allowed_tools' } }, unsupported, 'tool_choice'],
    [{ tool_choice: 'required' }, invalid, 'tool_choice'],
    [{ tools: {} }, invalid, 'tools'],
    [{ stop: 7 }, invalid, 'stop'],
    [{ messages: [{ role: 'function', content: 'x', name: null }] }, unsupported, 'messages[0].role'],
    [{ messages: [{ role: 'robot', content: 'x' }] }, invalid, 'messages[0].role'],
    [{ messages: [{ role: 'user', content: '' }] }, invalid, 'messages[0].content'],
    [{ messages: ['x'] }, invalid, 'messages[0]'],
    [{ messages: [{ role: 'user', content: [{ text: 'x' }] }] }, invalid, 'messages[0].content[0].type'],
    [image('data:image/svg+xml;base64,PHN2Zz4='), unsupported, 'messages[0].content[0].image_url.url'],
    [image('data:image/png,raw'), invalid, 'messages[0].content[0].image_url.url'],
    [call('{'), invalid, 'messages[0].tool_calls[0].function.arguments'],
    [call('[]'), invalid, 'messages[0].tool_calls[0].function.arguments'],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'n' } } },
      invalid,
      'response_format.json_schema.schema',
    ],
  ])('and %j is refused', (fields, code, param) => {
    expect(refusal(() => toAnthropic(fields))).toEqual({ code, param });
  });
});
