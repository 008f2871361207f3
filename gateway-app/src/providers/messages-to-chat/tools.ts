import type { JsonObject } from '../../core/upstream';
import type { FieldCheck } from '../field-rules';
import { listAt, objectAt, textAt } from '../json';

/** Anthropic's client tools as OpenAI's functions. Empty where there are none. */
export function chatTools(tools: unknown, fields: FieldCheck): JsonObject[] {
  if (tools === undefined || tools === null) return [];
  return listAt(tools, 'tools').map((entry, index) => {
    const at = `tools[${index}]`;
    const tool = objectAt(entry, at);
    fields.check(tool, 'tools[]', at);
    const { description, strict } = tool;
    return {
      type: 'function',
      function: {
        name: textAt(tool['name'], `${at}.name`),
        ...(typeof description === 'string' && { description }),
        parameters: objectAt(tool['input_schema'], `${at}.input_schema`),
        ...(typeof strict === 'boolean' && { strict }),
      },
    };
  });
}

/** Whether and which function must be called, and whether several at once. */
export function chatToolChoice(choice: unknown, fields: FieldCheck): JsonObject {
  if (choice === undefined || choice === null) return {};
  const wanted = objectAt(choice, 'tool_choice');
  fields.check(wanted, 'tool_choice', 'tool_choice');
  const parallel = wanted['disable_parallel_tool_use'] === true ? { parallel_tool_calls: false } : {};
  return { tool_choice: toolChoice(wanted), ...parallel };
}

function toolChoice(choice: JsonObject): unknown {
  switch (choice['type']) {
    case 'any':
      return 'required';
    case 'tool':
      return { type: 'function', function: { name: textAt(choice['name'], 'tool_choice.name') } };
    default:
      return choice['type'];
  }
}

/** A JSON schema for the whole answer. */
export function responseFormat(format: unknown, fields: FieldCheck): JsonObject {
  if (format === undefined || format === null) return {};
  const at = 'output_config.format';
  const wanted = objectAt(format, at);
  fields.check(wanted, at, at);
  const schema = objectAt(wanted['schema'], `${at}.schema`);
  return {
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } },
  };
}
