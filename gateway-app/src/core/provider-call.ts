import type { IncomingHttpHeaders } from 'node:http';
import type { Operation } from '../../contract/paths';
import type { AnswerTranslation } from './answer';
import type { JsonObject, UpstreamRequest } from './upstream';

/** What a client asks of one provider. */
export interface ClientCall {
  readonly operation: Operation;
  readonly body: JsonObject;
  /** The model's name at the provider. */
  readonly model: string;
  readonly stream: boolean;
  /** The client's own. None of them is copied; what an operation needs of them is named by its translation. */
  readonly headers: IncomingHttpHeaders;
}

/** The same as the provider understands it, with the way back. */
export interface ProviderCall {
  readonly request: UpstreamRequest;
  readonly answer: AnswerTranslation;
}

/** @throws GatewayError where the provider has no equal for what the client asks. */
export type Translate = (call: ClientCall) => ProviderCall;
