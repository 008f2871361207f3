import type { JsonObject } from '../../core/upstream';
import { appendAll } from '../append-all';
import { invalid, refuse, type FieldCheck } from '../field-rules';
import { listAt, objectAt, textAt } from '../json';
import { serialize } from '../serialize';
import { checkedBlocks, contentPart, textOnly } from './content';

/** Anthropic's system prompt and turns as OpenAI's messages. */
export function chatMessages(system: unknown, messages: unknown, fields: FieldCheck): JsonObject[] {
  const result = systemMessages(system, fields);
  listAt(messages, 'messages').forEach((entry, index) => {
    const at = `messages[${index}]`;
    const message = objectAt(entry, at);
    fields.check(message, 'messages[]', at);
    const content = `${at}.content`;
    switch (message['role']) {
      case 'user':
        appendAll(result, userMessages(message['content'], content, fields));
        return;
      case 'assistant':
        result.push(assistantMessage(message['content'], content, fields));
        return;
      case 'system':
        result.push({ role: 'system', content: textOnly(message['content'], content, fields) });
        return;
      default:
        return invalid(`${at}.role`, 'must be user, assistant or system');
    }
  });
  return result;
}

function systemMessages(system: unknown, fields: FieldCheck): JsonObject[] {
  if (system === undefined || system === null || system === '') return [];
  if (typeof system === 'string') return [{ role: 'system', content: system }];
  const texts = listAt(system, 'system').map((entry, index) => {
    const at = `system[${index}]`;
    const block = objectAt(entry, at);
    fields.check(block, 'system[]', at);
    return textAt(block['text'], `${at}.text`);
  });
  // One text: many compatible servers take no list of parts here.
  return texts.length === 0 ? [] : [{ role: 'system', content: texts.join('\n\n') }];
}

/** OpenAI wants the results right after the calls, so they come before what else the user says. */
function userMessages(content: unknown, at: string, fields: FieldCheck): JsonObject[] {
  const results: JsonObject[] = [];
  const parts: JsonObject[] = [];
  for (const [block, path] of checkedBlocks(content, at, fields)) {
    if (block['type'] === 'tool_result') results.push(toolMessage(block, path, fields));
    else parts.push(contentPart(block, path, fields));
  }
  if (parts.length === 0) return results;
  const [first] = parts;
  const single = parts.length === 1 && first?.['type'] === 'text' ? first['text'] : parts;
  return [...results, { role: 'user', content: single }];
}

function toolMessage(block: JsonObject, at: string, fields: FieldCheck): JsonObject {
  const text = textOnly(block['content'], `${at}.content`, fields);
  return {
    role: 'tool',
    tool_call_id: textAt(block['tool_use_id'], `${at}.tool_use_id`),
    content: block['is_error'] === true ? `Error: ${text}` : text,
  };
}

function assistantMessage(content: unknown, at: string, fields: FieldCheck): JsonObject {
  const texts: string[] = [];
  const calls: JsonObject[] = [];
  for (const [block, path] of checkedBlocks(content, at, fields)) {
    switch (block['type']) {
      case 'text':
        texts.push(textAt(block['text'], `${path}.text`));
        break;
      case 'tool_use':
        calls.push(toolCall(block, path));
        break;
      case 'thinking':
      case 'redacted_thinking':
        break;
      default:
        refuse(`${path}.type`, 'OpenAI takes text and tool calls from an assistant');
    }
  }
  return {
    role: 'assistant',
    content: texts.length === 0 && calls.length > 0 ? null : texts.join(''),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function toolCall(block: JsonObject, at: string): JsonObject {
  return {
    id: textAt(block['id'], `${at}.id`),
    type: 'function',
    function: {
      name: textAt(block['name'], `${at}.name`),
      arguments: serialize(objectAt(block['input'], `${at}.input`)),
    },
  };
}
