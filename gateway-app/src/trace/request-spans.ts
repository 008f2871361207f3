import { apiRoutes, type RouteId } from '../../contract/paths';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { portOf } from '../../contract/url-port';
import type { RequestContext } from '../core/request-context';
import type { CompletionStage } from '../core/stage';
import type { UpstreamRecord } from '../core/upstream-record';
import type { Span, SpanExporter } from '../telemetry/span';

/** What a span tells of a provider that the request itself does not know. */
interface ProviderFacts {
  /** `gen_ai.provider.name`. */
  readonly system: string;
  readonly host: string | undefined;
  readonly port: number | undefined;
}

/** Names that OpenTelemetry's conventions give. */
const systems = { echo: 'echo', openai: 'openai', 'azure-openai': 'azure.ai.openai', anthropic: 'anthropic' };
const operations: Readonly<Record<RouteId, string | undefined>> = {
  chat_completions: 'chat',
  messages: 'chat',
  responses: 'chat',
  completions: 'text_completion',
  embeddings: 'embeddings',
  models: undefined,
  other: undefined,
};
const paths = new Map<RouteId, (typeof apiRoutes)[number]>(apiRoutes.map((route) => [route.id, route]));

/** Exports a span of each sampled request, and one of each attempt at a provider. Neither prompts nor keys are within its reach. */
export function exportSpans(config: RuntimeConfig, exporter: SpanExporter | undefined): CompletionStage {
  if (exporter === undefined) return () => undefined;
  const providers = new Map(config.providers.map((provider) => [provider.name, factsOf(provider)]));
  return (context) => {
    if (context.trace?.sampled !== true) return;
    // Spans are told by wall clock, requests by one that only grows.
    const offsetMs = Date.now() - context.clock();
    exporter.export(requestSpan(context, context.trace, offsetMs));
    for (const attempt of context.attempts) {
      const span = attemptSpan(
        context,
        context.trace,
        attempt,
        providers.get(attempt.target.provider),
        offsetMs,
      );
      if (span !== undefined) exporter.export(span);
    }
  };
}

function factsOf(provider: RuntimeConfig['providers'][number]): ProviderFacts {
  const system = systems[provider.kind];
  if (!('baseUrl' in provider)) return { system, host: undefined, port: undefined };
  const url = new URL(provider.baseUrl);
  return { system, host: url.hostname, port: portOf(url) };
}

type Trace = NonNullable<RequestContext['trace']>;

function requestSpan(context: RequestContext, trace: Trace, offsetMs: number): Span {
  const { origin, usage, errorSource, status } = context;
  const route = paths.get(origin.route);
  return {
    name: route === undefined ? 'HTTP' : `${route.method} ${route.path}`,
    kind: 'server',
    traceId: trace.traceId,
    spanId: trace.spanId,
    parentSpanId: trace.parentSpanId,
    startMs: offsetMs + context.startedMs,
    endMs: offsetMs + context.startedMs + context.durationMs,
    // A client's mistake is no failure of this server.
    error: errorSource === 'gateway' || errorSource === 'provider' ? context.errorCode : undefined,
    attributes: {
      'http.request.method': route?.method,
      'http.route': route?.path,
      'http.response.status_code': status,
      'error.type': context.errorCode,
      'gen_ai.operation.name': operations[origin.route],
      'gen_ai.request.model': context.target?.model,
      'gen_ai.usage.input_tokens': usage?.inputTokens,
      'gen_ai.usage.output_tokens': usage?.outputTokens,
      'gateway.request_id': origin.id,
      'gateway.tenant': context.tenant?.name,
      'gateway.error_source': errorSource,
      'gateway.outcome': context.outcome,
      'gateway.stream': context.stream,
      'gateway.overhead_ms': context.overheadMs,
    },
  };
}

function attemptSpan(
  context: RequestContext,
  trace: Trace,
  { spanId, target, startedMs, firstBytesMs, endedMs, result, usage }: UpstreamRecord,
  provider: ProviderFacts | undefined,
  offsetMs: number,
): Span | undefined {
  if (spanId === undefined) return undefined;
  const operation = operations[context.origin.route];
  const failed = result === undefined || typeof result === 'string' || result >= 400;
  return {
    name: `${operation ?? 'ask'} ${target.model}`,
    kind: 'client',
    traceId: trace.traceId,
    spanId,
    parentSpanId: trace.spanId,
    startMs: offsetMs + startedMs,
    endMs: offsetMs + (endedMs ?? context.startedMs + context.durationMs),
    error: failed ? String(result ?? 'unfinished') : undefined,
    attributes: {
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': provider?.system,
      'gen_ai.request.model': target.providerModel,
      'gen_ai.usage.input_tokens': usage?.inputTokens,
      'gen_ai.usage.output_tokens': usage?.outputTokens,
      'http.request.method': 'POST',
      'http.response.status_code': typeof result === 'number' ? result : undefined,
      'error.type': failed ? String(result ?? 'unfinished') : undefined,
      'server.address': provider?.host,
      'server.port': provider?.port,
      'gateway.provider': target.provider,
      'gateway.first_bytes_ms': firstBytesMs === undefined ? undefined : firstBytesMs - startedMs,
    },
  };
}
