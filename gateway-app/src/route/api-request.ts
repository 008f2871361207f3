import { isUtf8 } from 'node:buffer';
import type { Operation } from '../../contract/paths';
import { GatewayError } from '../core/gateway-error';
import type { RequestStage } from '../core/stage';
import type { JsonObject } from '../core/upstream';

/** Most answers to one request: the bound that OpenAI documents. One request for a million is an attack on the budget. */
const maxChoices = 128;

/**
 * A number that JavaScript may read as Infinity, which JSON cannot write: with an exponent of three digits, or with so
 * many digits that two are enough (209 digits and e99 are still below 1e308). Only the first digit of a run begins a search: else a
 * body of digits is searched two hundred times.
 */
const perhapsInfinite = /\d[eE]\+?\d{3}|(?<!\d)\d{210}/;

/** Reads and checks the body of a request to a model. What only the provider can judge is left to it. */
export function readApiRequest(maxBodyBytes: number): RequestStage {
  return async (context) => {
    const operation = context.origin.route;
    if (operation === 'models' || operation === 'other') return;
    context.waits.begin(context.clock());
    let bytes: Buffer;
    try {
      bytes = await context.request.readBody(maxBodyBytes);
    } finally {
      context.waits.end(context.clock());
    }
    const body = parseObject(bytes);
    checkFields(operation, body);
    context.body = body;
    context.stream = body['stream'] === true && operation !== 'embeddings';
  };
}

function parseObject(bytes: Buffer): JsonObject {
  if (!isUtf8(bytes)) throw new GatewayError('invalid_json', { detail: 'It is not valid UTF-8.' });
  const text = bytes.toString('utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, which may hold a prompt.
    throw new GatewayError('invalid_json');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new GatewayError('invalid_request', { detail: 'The body must be a JSON object.' });
  }
  if (perhapsInfinite.test(text) && holdsInfinity(parsed)) {
    throw new GatewayError('invalid_request', { detail: 'A number in the body is too large.' });
  }
  return parsed as JsonObject;
}

/** The field that holds the prompt, per operation, and what it must be. A response may take its prompt from elsewhere. */
const promptFields: Readonly<
  Record<Operation, [field: string, rule: string, test: (value: unknown) => boolean] | undefined>
> = {
  chat_completions: ['messages', 'must be a list of messages', isFilledList],
  messages: ['messages', 'must be a list of messages', isFilledList],
  embeddings: ['input', 'must be a text or a list', isTextOrList],
  completions: ['prompt', 'must be a text or a list', isTextOrList],
  responses: undefined,
};

function checkFields(operation: Operation, body: JsonObject): void {
  const { model, stream, n } = body;
  if (typeof model !== 'string' || model === '') throw invalid('model', 'must be a text that names a model');
  const prompt = promptFields[operation];
  if (prompt !== undefined) {
    const [field, rule, test] = prompt;
    if (!test(body[field])) throw invalid(field, rule);
  }
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    throw invalid('stream', 'must be true or false');
  }
  if (n !== undefined && n !== null && !isChoiceCount(n)) {
    throw invalid('n', `must be an integer from 1 to ${maxChoices}`);
  }
}

function isFilledList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function isTextOrList(value: unknown): boolean {
  return typeof value === 'string' || isFilledList(value);
}

function isChoiceCount(n: unknown): boolean {
  return typeof n === 'number' && Number.isInteger(n) && n >= 1 && n <= maxChoices;
}

function invalid(param: string, rule: string): GatewayError {
  return new GatewayError('invalid_request', { param, detail: `"${param}" ${rule}.` });
}

/** Walks without recursion: a body may be nested deeper than the stack. */
function holdsInfinity(root: object): boolean {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (value === Infinity || value === -Infinity) return true;
    if (typeof value === 'object' && value !== null) {
      for (const inner of Object.values(value)) open.push(inner);
    }
  }
  return false;
}
