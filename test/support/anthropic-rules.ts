import type { ReceivedRequest } from './fake-provider';

type Json = Record<string, unknown>;

const requestFields = new Set([
  'model',
  'messages',
  'max_tokens',
  'metadata',
  'output_config',
  'service_tier',
  'stop_sequences',
  'stream',
  'system',
  'temperature',
  'thinking',
  'tool_choice',
  'tools',
  'top_k',
  'top_p',
]);
const blockFields: Readonly<Record<string, readonly string[]>> = {
  text: ['type', 'text', 'cache_control', 'citations'],
  image: ['type', 'source', 'cache_control'],
  document: ['type', 'source', 'title', 'context', 'citations', 'cache_control'],
  tool_use: ['type', 'id', 'name', 'input', 'cache_control'],
  tool_result: ['type', 'tool_use_id', 'content', 'is_error', 'cache_control'],
  thinking: ['type', 'thinking', 'signature'],
  redacted_thinking: ['type', 'data'],
};

/** What Anthropic's API would refuse about a request, in its own words where they are known. Undefined: nothing. */
export function anthropicRefusal({ url, headers, body }: ReceivedRequest): string | undefined {
  try {
    if (url !== '/v1/messages') throw new Error(`no such path: ${url}`);
    if (typeof headers['anthropic-version'] !== 'string')
      throw new Error('anthropic-version: header is required');
    checkRequest(JSON.parse(body) as Json);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function checkRequest(request: Json): void {
  for (const field of Object.keys(request)) {
    if (!requestFields.has(field)) throw new Error(`${field}: Extra inputs are not permitted`);
  }
  if (!Number.isInteger(request['max_tokens'])) throw new Error('max_tokens: Field required');
  const temperature = request['temperature'];
  if (temperature !== undefined && !(Number(temperature) >= 0 && Number(temperature) <= 1)) {
    throw new Error('temperature: range: 0..1');
  }
  if (request['tool_choice'] !== undefined && request['tools'] === undefined) {
    throw new Error('tool_choice may only be specified while providing tools');
  }
  for (const tool of (request['tools'] ?? []) as Json[]) {
    if (typeof tool['name'] !== 'string' || (tool['input_schema'] as Json)['type'] !== 'object') {
      throw new Error('tools.0: name and input_schema of the type object are required');
    }
  }
  checkMessages(request['messages'] as Json[]);
}

function checkMessages(messages: readonly Json[]): void {
  let open: string[] = [];
  messages.forEach((message, index) => {
    const at = `messages.${index}`;
    if (message['role'] !== 'user' && message['role'] !== 'assistant')
      throw new Error(`${at}.role: unexpected`);
    const blocks = blocksOf(message['content']);
    if (blocks.length === 0) throw new Error(`${at}: all messages must have non-empty content`);
    blocks.forEach((block, position) => {
      checkBlock(block, `${at}.content.${position}`);
    });
    const results = blocks.filter(({ type }) => type === 'tool_result').map((block) => block['tool_use_id']);
    if ([...open].sort().join() !== [...results].sort().join()) {
      throw new Error(
        `${at}: \`tool_use\` ids need \`tool_result\` blocks immediately after: ${open.join()}`,
      );
    }
    if (results.length > 0 && blocks[0]?.['type'] !== 'tool_result')
      throw new Error(`${at}: results come first`);
    open = blocks.filter(({ type }) => type === 'tool_use').map((block) => String(block['id']));
  });
}

function checkBlock(block: Json, at: string): void {
  const allowed = blockFields[String(block['type'])];
  if (allowed === undefined) throw new Error(`${at}.type: unknown`);
  for (const field of Object.keys(block)) {
    if (!allowed.includes(field)) throw new Error(`${at}.${field}: Extra inputs are not permitted`);
  }
  if (block['type'] === 'text' && block['text'] === '')
    throw new Error(`${at}: text content blocks must be non-empty`);
  if (block['type'] === 'tool_result')
    blocksOf(block['content'] ?? []).forEach((inner) => {
      checkBlock(inner, at);
    });
}

function blocksOf(content: unknown): Json[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : (content as Json[]);
}
