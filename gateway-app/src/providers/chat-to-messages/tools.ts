import type { JsonObject } from '../../core/upstream';
import { invalid, refuse, type FieldCheck } from '../field-rules';
import { asObject, listAt, objectAt, textAt } from '../json';

/** OpenAI's tools as Anthropic's. Undefined where there are none. */
export function anthropicTools(tools: unknown, fields: FieldCheck): JsonObject[] | undefined {
  if (tools === undefined || tools === null) return undefined;
  const list = listAt(tools, 'tools').map((entry, index) => {
    const at = `tools[${index}]`;
    const tool = objectAt(entry, at);
    fields.check(tool, 'tools[]', at);
    const definition = objectAt(tool['function'], `${at}.function`);
    fields.check(definition, 'tools[].function', `${at}.function`);
    const { name, description, parameters, strict } = definition;
    return {
      name: textAt(name, `${at}.function.name`),
      ...(typeof description === 'string' && { description }),
      // A function without parameters takes none; Anthropic wants that written.
      input_schema: asObject(parameters) ?? { type: 'object', properties: {} },
      ...(typeof strict === 'boolean' && { strict }),
      ...(asObject(tool['cache_control']) && { cache_control: tool['cache_control'] }),
    };
  });
  return list.length === 0 ? undefined : list;
}

/** Whether and which tool must be called. Undefined where there are no tools, or where the default is meant. */
export function anthropicToolChoice(body: JsonObject, hasTools: boolean): JsonObject | undefined {
  const choice = toolChoice(body['tool_choice']);
  if (!hasTools) {
    if (choice !== undefined && choice['type'] !== 'none' && choice['type'] !== 'auto') {
      invalid('tool_choice', 'asks for a tool, and "tools" holds none');
    }
    return undefined;
  }
  if (body['parallel_tool_calls'] !== false || choice?.['type'] === 'none') return choice;
  return { ...(choice ?? { type: 'auto' }), disable_parallel_tool_use: true };
}

function toolChoice(choice: unknown): JsonObject | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice === 'auto' || choice === 'none') return { type: choice };
  if (choice === 'required') return { type: 'any' };
  const named = asObject(choice);
  if (named?.['type'] === 'function') {
    return { type: 'tool', name: textAt(asObject(named['function'])?.['name'], 'tool_choice.function.name') };
  }
  return refuse('tool_choice', 'Anthropic knows auto, none, required and one named function');
}
