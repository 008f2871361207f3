import type { RuntimeConfig } from '../../contract/runtime-config';
import type { AuditLog } from '../audit/audit-log';
import { recordRequest, requireAudit } from '../audit/stages';
import { authenticate } from '../auth/authenticate';
import type { JwksSources } from '../auth/tokens/jwks-sources';
import type { CompletionStage, ExchangeStage, RequestStage } from '../core/stage';
import type { SpanExporter } from '../telemetry/span';
import { exportSpans } from '../trace/request-spans';
import { traceRequest } from '../trace/begin-trace';
import { cacheStages, noCache } from '../cache/stages';
import type { AnswerCache } from '../cache/answer-cache';
import { modelTargetsOf } from '../core/targets';
import type { Timings } from '../core/timings';
import { reserve } from '../limit/reserve';
import { settle } from '../limit/settle';
import { meter } from '../meter/meter';
import { requestLog } from '../meter/request-log';
import { tokenMeter } from '../meter/token-meter';
import { readApiRequest } from '../route/api-request';
import { modelList } from '../route/model-list';
import { orderTargets } from '../route/targets';
import type { LimitStore } from '../stores/limit-store';
import type { Logger } from '../telemetry/logger';
import type { Registry } from '../telemetry/registry';
import type { Breakers } from '../upstream/breakers';
import { endpointsOf } from '../upstream/endpoints';
import type { Provider } from '../upstream/provider';
import { upstream } from '../upstream/stage';

/** What happens to a request, in this order. */
export interface Order {
  /** Each may refuse the request or answer it, and so end the phase. */
  readonly request: readonly RequestStage[];
  /** Brings the answer. */
  readonly exchange: readonly [ExchangeStage];
  /** Each runs for every request, however it ended. */
  readonly completion: readonly CompletionStage[];
}

export interface OrderParts {
  readonly config: RuntimeConfig;
  /** The content of a secret's file as it is now. */
  readonly secret: (file: string) => string;
  readonly jwks: JwksSources;
  readonly providers: ReadonlyMap<string, Provider>;
  /** Those of the configuration. */
  readonly breakers: Breakers;
  readonly store: LimitStore;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly audit: AuditLog;
  readonly timings: Timings;
  /** Answers that were given before; undefined where none may be given again. */
  readonly answers: AnswerCache | undefined;
  /** Where spans go; undefined where none are made. */
  readonly spans: SpanExporter | undefined;
}

export function order(parts: OrderParts): Order {
  const { config, providers, breakers, store, registry, logger, audit, timings, answers, spans } = parts;
  const targets = modelTargetsOf(config);
  const endpoints = endpointsOf(targets, providers, breakers, registry);
  const cache =
    config.cache === undefined || answers === undefined
      ? noCache
      : cacheStages({ config: config.cache, answers, registry });
  return {
    // Who it is comes before the body: who may not ask at all shall not make the gateway read 10 MiB.
    request: [
      traceRequest(config),
      requireAudit(audit),
      authenticate(parts),
      modelList(config),
      readApiRequest(config.limits.maxBodyBytes),
      reserve(config, targets, store, registry),
      orderTargets(targets),
      // Behind the route: what a tenant may no longer ask is not answered from memory either.
      cache.lookUp,
    ],
    exchange: [cache.share(upstream({ config, endpoints, registry, totalMs: timings.upstream.totalMs }))],
    completion: [
      settle(),
      meter(registry, config, targets),
      tokenMeter(registry, config, targets),
      recordRequest(audit, config),
      requestLog(logger),
      exportSpans(config, spans),
    ],
  };
}
