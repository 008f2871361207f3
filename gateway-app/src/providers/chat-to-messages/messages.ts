import type { JsonObject } from '../../core/upstream';
import { appendAll } from '../append-all';
import { invalid, refuse, type FieldCheck } from '../field-rules';
import { listAt, objectAt, parseObject, textAt } from '../json';
import { contentBlocks } from './content';

export interface Conversation {
  readonly system: readonly JsonObject[];
  readonly messages: readonly JsonObject[];
}

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: JsonObject[];
}

/** OpenAI's messages as Anthropic's system prompt and turns. */
export function conversation(messages: unknown, fields: FieldCheck): Conversation {
  const system: JsonObject[] = [];
  const turns: Turn[] = [];
  listAt(messages, 'messages').forEach((entry, index) => {
    const at = `messages[${index}]`;
    const message = objectAt(entry, at);
    fields.check(message, 'messages[]', at);
    switch (message['role']) {
      case 'system':
      case 'developer':
        appendAll(system, texts(message, at, fields));
        return;
      case 'user':
        append(turns, 'user', userBlocks(message, at, fields));
        return;
      case 'assistant':
        append(turns, 'assistant', assistantBlocks(message, at, fields));
        return;
      case 'tool':
        append(turns, 'user', [toolResult(message, at, fields)]);
        return;
      case 'function':
        return refuse(`${at}.role`, 'the form that the role "tool" replaced');
      default:
        return invalid(`${at}.role`, 'must be system, developer, user, assistant or tool');
    }
  });
  return { system, messages: turns as unknown as JsonObject[] };
}

/** All results of one round of tool calls must stand in one message, so neighbours of one role become one. */
function append(turns: Turn[], role: Turn['role'], blocks: readonly JsonObject[]): void {
  const last = turns.at(-1);
  if (last?.role === role) appendAll(last.content, blocks);
  else if (blocks.length > 0) turns.push({ role, content: [...blocks] });
}

function userBlocks(message: JsonObject, at: string, fields: FieldCheck): JsonObject[] {
  const blocks = contentBlocks(message['content'], `${at}.content`, fields);
  if (blocks.length === 0) invalid(`${at}.content`, 'must not be empty');
  return blocks;
}

function assistantBlocks(message: JsonObject, at: string, fields: FieldCheck): JsonObject[] {
  const blocks = contentBlocks(message['content'], `${at}.content`, fields);
  const refusal = message['refusal'];
  if (typeof refusal === 'string' && refusal !== '') blocks.push({ type: 'text', text: refusal });
  const calls = message['tool_calls'];
  if (calls === undefined || calls === null) return blocks;
  listAt(calls, `${at}.tool_calls`).forEach((call, index) => {
    blocks.push(toolUse(call, `${at}.tool_calls[${index}]`, fields));
  });
  return blocks;
}

function toolUse(entry: unknown, at: string, fields: FieldCheck): JsonObject {
  const call = objectAt(entry, at);
  fields.check(call, 'messages[].tool_calls[]', at);
  const called = objectAt(call['function'], `${at}.function`);
  fields.check(called, 'messages[].tool_calls[].function', `${at}.function`);
  const text = textAt(called['arguments'], `${at}.function.arguments`);
  return {
    type: 'tool_use',
    id: textAt(call['id'], `${at}.id`),
    name: textAt(called['name'], `${at}.function.name`),
    input:
      text === '' ? {} : (parseObject(text) ?? invalid(`${at}.function.arguments`, 'must be a JSON object')),
  };
}

function toolResult(message: JsonObject, at: string, fields: FieldCheck): JsonObject {
  return {
    type: 'tool_result',
    tool_use_id: textAt(message['tool_call_id'], `${at}.tool_call_id`),
    content: contentBlocks(message['content'], `${at}.content`, fields),
  };
}

function texts(message: JsonObject, at: string, fields: FieldCheck): JsonObject[] {
  const blocks = contentBlocks(message['content'], `${at}.content`, fields);
  if (blocks.some((block) => block['type'] !== 'text')) invalid(`${at}.content`, 'must be text');
  return blocks;
}
