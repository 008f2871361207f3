import type { JsonObject } from '../../core/upstream';
import { invalid, refuse, type FieldCheck } from '../field-rules';
import { asText, listAt, objectAt, textAt } from '../json';

const block = 'messages[].content[]';

/** Blocks of a message, checked, with their paths. A text stands for one block of it. */
export function checkedBlocks(content: unknown, at: string, fields: FieldCheck): [JsonObject, string][] {
  if (typeof content === 'string') return [[{ type: 'text', text: content }, at]];
  return listAt(content, at).map((entry, index) => {
    const path = `${at}[${index}]`;
    const checked = objectAt(entry, path);
    fields.check(checked, block, path);
    return [checked, path];
  });
}

/** A block of a user's message that is no tool result, as OpenAI's part. */
export function contentPart(value: JsonObject, at: string, fields: FieldCheck): JsonObject {
  switch (value['type']) {
    case 'text':
      return { type: 'text', text: textAt(value['text'], `${at}.text`) };
    case 'image':
      return image(source(value, at, fields), `${at}.source`);
    case 'document':
      return document(value, source(value, at, fields), `${at}.source`);
    default:
      return invalid(`${at}.type`, 'must be the type of a block that users write');
  }
}

/** The text of a block list that may hold nothing else. */
export function textOnly(content: unknown, at: string, fields: FieldCheck): string {
  if (content === undefined || content === null) return '';
  return checkedBlocks(content, at, fields)
    .map(([value, path]) =>
      value['type'] === 'text'
        ? textAt(value['text'], `${path}.text`)
        : refuse(`${path}.type`, 'OpenAI takes only text here'),
    )
    .join('\n');
}

function source(value: JsonObject, at: string, fields: FieldCheck): JsonObject {
  const found = objectAt(value['source'], `${at}.source`);
  fields.check(found, `${block}.source`, `${at}.source`);
  return found;
}

function image(from: JsonObject, at: string): JsonObject {
  if (from['type'] === 'url')
    return { type: 'image_url', image_url: { url: textAt(from['url'], `${at}.url`) } };
  if (from['type'] === 'base64') return { type: 'image_url', image_url: { url: dataUrl(from, at) } };
  return invalid(`${at}.type`, 'must be base64 or url');
}

function document(value: JsonObject, from: JsonObject, at: string): JsonObject {
  switch (from['type']) {
    case 'text':
      return { type: 'text', text: textAt(from['data'], `${at}.data`) };
    case 'base64':
      return {
        type: 'file',
        file: { filename: asText(value['title']) ?? 'document.pdf', file_data: dataUrl(from, at) },
      };
    case 'url':
      return refuse(`${at}.type`, 'OpenAI fetches no documents: send it in base64');
    default:
      return invalid(`${at}.type`, 'must be base64 or text');
  }
}

function dataUrl(from: JsonObject, at: string): string {
  return `data:${textAt(from['media_type'], `${at}.media_type`)};base64,${textAt(from['data'], `${at}.data`)}`;
}
