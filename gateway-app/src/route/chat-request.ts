import { isUtf8 } from 'node:buffer';
import { GatewayError } from '../core/gateway-error';
import type { RequestStage } from '../core/stage';
import type { JsonObject } from '../core/upstream';

/** Most answers to one request: the bound that OpenAI documents. One request for a million is an attack on the budget. */
const maxChoices = 128;

/** A number that JavaScript may read as Infinity, which JSON cannot write: 1e309, or 309 digits. */
const perhapsInfinite = /\d[eE]\+?\d{3}|\d{309}/;

/** Reads and checks the body of a chat completion. What only the provider can judge is left to it. */
export function readChatRequest(maxBodyBytes: number): RequestStage {
  return async (context) => {
    context.waits.begin(context.clock());
    const bytes = await context.request.readBody(maxBodyBytes).finally(() => {
      context.waits.end(context.clock());
    });
    const body = parseObject(bytes);
    checkFields(body);
    context.body = body;
    context.stream = body['stream'] === true;
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

function checkFields(body: JsonObject): void {
  const { model, messages, stream, n } = body;
  if (typeof model !== 'string' || model === '') throw invalid('model', 'must be a text that names a model');
  if (!Array.isArray(messages) || messages.length === 0)
    throw invalid('messages', 'must be a list of messages');
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    throw invalid('stream', 'must be true or false');
  }
  if (n !== undefined && n !== null && !isChoiceCount(n)) {
    throw invalid('n', `must be an integer from 1 to ${maxChoices}`);
  }
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
