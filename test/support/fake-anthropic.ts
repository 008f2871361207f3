import { anthropicErrorBody, answersMessage, text } from './anthropic-messages';
import { anthropicRefusal } from './anthropic-rules';
import { answersJson, startFakeProvider, type Behaviour, type FakeProvider } from './fake-provider';

/**
 * A scripted provider that speaks Anthropic's dialect, and refuses what Anthropic would refuse. Until told otherwise it
 * answers with a short message.
 */
export async function startFakeAnthropic(): Promise<FakeProvider> {
  const provider = await startFakeProvider();
  const behave = (behaviour: Behaviour): void => {
    provider.behave((response, request) => {
      const refusal = anthropicRefusal(request);
      if (refusal === undefined) behaviour(response, request);
      else answersJson(anthropicErrorBody('invalid_request_error', refusal), 400)(response, request);
    });
  };
  behave(answersMessage([text('Hello')]));
  return { ...provider, baseUrl: new URL(provider.baseUrl).origin, behave };
}
