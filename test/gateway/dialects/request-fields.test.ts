import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayError } from '../../../gateway-app/src/core/gateway-error';
import { chatToMessagesFields } from '../../../gateway-app/src/providers/chat-to-messages/fields';
import { messagesRequest } from '../../../gateway-app/src/providers/chat-to-messages/request';
import type { FieldRules } from '../../../gateway-app/src/providers/field-rules';
import { messagesToChatFields } from '../../../gateway-app/src/providers/messages-to-chat/fields';
import { chatRequest } from '../../../gateway-app/src/providers/messages-to-chat/request';

type Json = Record<string, unknown>;

const page = readFileSync(join(__dirname, '../../../docs/dialects.md'), 'utf8');

/** Rows of the table below a heading: field, fate, note. */
function documented(heading: string): string[][] {
  const section = page.slice(page.indexOf(`## ${heading}`)).split(/\n## /)[0]!;
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim()),
    );
}

function rowsOf(rules: FieldRules): string[][] {
  return Object.entries(rules).map(([path, { fate, note, neutral }]) => [
    `\`${path}\``,
    fate,
    neutral === undefined
      ? note
      : `${note}; taken as said: ${neutral.map((value) => `\`${JSON.stringify(value)}\``).join(', ')}`,
  ]);
}

/** A request that holds this value at the path of a rule, in the smallest surroundings. */
function requestWith(path: string, value: unknown, base: Json): Json {
  const [, parent = '', key = ''] = /^(?:(.*)\.)?([^.]*(?:=.*)?)$/.exec(path) ?? [];
  const [name = '', type] = key.split('=');
  const leaf: Json = { [name]: type ?? value };
  return parent === '' ? { ...base, ...leaf } : merged(base, parent.split('.'), leaf);
}

function merged(base: Json, [step = '', ...rest]: string[], leaf: Json): Json {
  const isList = step.endsWith('[]');
  const name = isList ? step.slice(0, -2) : step;
  const before = isList ? (base[name] as Json[] | undefined)?.[0] : (base[name] as Json | undefined);
  const inner = typeof before === 'object' ? before : {};
  const next = rest.length === 0 ? { ...inner, ...leaf } : merged(inner, rest, leaf);
  return { ...base, [name]: isList ? [next] : next };
}

const chatBase: Json = { messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }] };
const messagesBase: Json = {
  max_tokens: 1,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
};
const server = { maxTokensField: 'max_tokens', reportsStreamUsage: true } as const;

const directions: [string, FieldRules, (body: Json) => Json, Json, (path: string) => Json][] = [
  [
    'From OpenAI chat completions to Anthropic',
    chatToMessagesFields,
    (body) => messagesRequest(body, 'model', 4096),
    chatBase,
    (path) => {
      if (path.startsWith('messages[].tool_calls[]')) {
        const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } };
        return { messages: [{ role: 'assistant', tool_calls: [call] }] };
      }
      if (path.startsWith('messages[].content[].file')) {
        return { messages: [{ role: 'user', content: [{ type: 'file', file: {} }] }] };
      }
      if (path.startsWith('tools[]'))
        return { ...chatBase, tools: [{ type: 'function', function: { name: 'f' } }] };
      return chatBase;
    },
  ],
  [
    'From Anthropic messages to OpenAI',
    messagesToChatFields,
    (body) => chatRequest(body, 'model', server),
    messagesBase,
    (path) => {
      if (path.startsWith('tools[]')) return { ...messagesBase, tools: [{ name: 'f', input_schema: {} }] };
      if (path.startsWith('messages[].content[].source')) {
        return { ...messagesBase, messages: [{ role: 'user', content: [{ type: 'image', source: {} }] }] };
      }
      return messagesBase;
    },
  ],
];

describe.each(directions)('%s', (heading, rules, translate, base, surroundings) => {
  const thrown = (body: Json): unknown => {
    try {
      translate(body);
      return undefined;
    } catch (error) {
      return error;
    }
  };

  it('each field is documented with what becomes of it, and nothing else is', () => {
    expect(documented(heading)).toEqual(rowsOf(rules));
  });

  const refusedPaths = Object.entries(rules).filter(([, { fate }]) => fate === 'refused');

  it.each(refusedPaths)('%s is refused, with its name and the reason', (path, { note }) => {
    const error = thrown(requestWith(path, 'a value that nobody expects', surroundings(path)));
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ code: 'unsupported_by_provider' });
    const shownPath = path.replaceAll('[]', '[0]').replace(/=.*/, '');
    expect((error as GatewayError).param).toBe(shownPath);
    expect((error as GatewayError).message).toContain(note);
  });

  const neutralValues = refusedPaths.flatMap(([path, { neutral = [] }]) =>
    neutral.map((value) => [path, value] as const),
  );

  it.each([
    ...neutralValues,
    ...refusedPaths.map(([path]) => [path, null] as const).filter(([path]) => !path.includes('=')),
  ])('%s is no obstacle as %j, which says what is so anyway', (path, value) => {
    const error = thrown(requestWith(path, value, surroundings(path)));
    expect((error as GatewayError | undefined)?.code).not.toBe('unsupported_by_provider');
  });

  it.each(['', 'messages[].', 'messages[].content[].'])(
    'an unknown field %sunknown_field is refused',
    (parent) => {
      const error = thrown(requestWith(`${parent}unknown_field`, 1, base));
      expect(error).toMatchObject({
        code: 'unsupported_by_provider',
        param: expect.stringMatching(/unknown_field$/),
      });
    },
  );

  it('a body that is too deep for the stack is no fault of the gateway', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    for (const path of Object.keys(rules).filter((name) => !name.includes('='))) {
      const error = thrown(requestWith(path, deep, surroundings(path)));
      expect(error === undefined || error instanceof GatewayError).toBe(true);
    }
  });
});
