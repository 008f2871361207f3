import type { JsonObject } from '../../core/upstream';
import { invalid, refuse, type FieldCheck } from '../field-rules';
import { listAt, objectAt, textAt } from '../json';

const dataUrl = /^data:([a-z]+\/[a-z0-9.+-]+)(?:;[a-z0-9=._-]+)*;base64,/i;
const imageTypes: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** The content of one OpenAI message as Anthropic's blocks, without empty texts. */
export function contentBlocks(content: unknown, at: string, fields: FieldCheck): JsonObject[] {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return listAt(content, at)
    .map((entry, index) => contentBlock(entry, `${at}[${index}]`, fields))
    .filter((block) => block['text'] !== '');
}

function contentBlock(entry: unknown, at: string, fields: FieldCheck): JsonObject {
  const part = objectAt(entry, at);
  fields.check(part, 'messages[].content[]', at);
  const block = typedBlock(part, at, fields);
  const cacheControl = part['cache_control'];
  return cacheControl === undefined || cacheControl === null
    ? block
    : { ...block, cache_control: cacheControl };
}

function typedBlock(part: JsonObject, at: string, fields: FieldCheck): JsonObject {
  switch (part['type']) {
    case 'text':
      return { type: 'text', text: textAt(part['text'], `${at}.text`) };
    case 'refusal':
      return { type: 'text', text: textAt(part['refusal'], `${at}.refusal`) };
    case 'image_url':
      return image(objectAt(part['image_url'], `${at}.image_url`), `${at}.image_url`, fields);
    case 'file':
      return document(objectAt(part['file'], `${at}.file`), `${at}.file`, fields);
    default:
      return invalid(`${at}.type`, 'must name the type of the part');
  }
}

function image(value: JsonObject, at: string, fields: FieldCheck): JsonObject {
  fields.check(value, 'messages[].content[].image_url', at);
  const url = textAt(value['url'], `${at}.url`);
  if (!/^data:/i.test(url)) return { type: 'image', source: { type: 'url', url } };
  const source = base64Source(url, `${at}.url`);
  if (!imageTypes.has(source.media_type)) {
    refuse(`${at}.url`, `Anthropic takes images of the types ${[...imageTypes].join(', ')}`);
  }
  return { type: 'image', source };
}

function document(value: JsonObject, at: string, fields: FieldCheck): JsonObject {
  fields.check(value, 'messages[].content[].file', at);
  const source = base64Source(textAt(value['file_data'], `${at}.file_data`), `${at}.file_data`);
  if (source.media_type !== 'application/pdf')
    refuse(`${at}.file_data`, 'Anthropic takes files of the type application/pdf');
  const title = value['filename'];
  return { type: 'document', source, ...(typeof title === 'string' && { title }) };
}

function base64Source(url: string, at: string): { type: 'base64'; media_type: string; data: string } {
  // The head is short. Matching it alone keeps megabytes of base64 out of the expression.
  const head = dataUrl.exec(url.slice(0, 256));
  if (head?.[1] === undefined) return invalid(at, 'must be a data URL in base64');
  return { type: 'base64', media_type: head[1].toLowerCase(), data: url.slice(head[0].length) };
}
