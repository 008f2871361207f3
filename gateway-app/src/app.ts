import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { RuntimeConfig } from '../contract/runtime-config';
import { labelValues } from '../contract/metrics';
import type { AuditLog } from './audit/audit-log';
import { auditMetrics } from './audit/audit-metrics';
import { openAudit, sameSink } from './audit/open-audit';
import { JwksSources } from './auth/tokens/jwks-sources';
import { KeptAnswers } from './cache/kept-answers';
import { followConfig } from './config/live-config';
import type { ProcessEnvironment } from './config/process-env';
import type { Secrets } from './config/secrets';
import { monotonicClock } from './core/clock';
import { contractTimings, type Timings } from './core/timings';
import { AdminAccess } from './http/admin-access';
import { AdminApi } from './http/admin-api';
import { Operations } from './http/admin-operations';
import { adminListener } from './http/admin-listener';
import { Drain } from './http/drain';
import { publicListener, type ListenerServer } from './http/public-listener';
import { handshakeFailures, ServingTls } from './http/serving-tls';
import { sameTls } from './http/same-tls';
import { openStore, sameStore } from './limit/open-store';
import { storeObserver } from './limit/store-observer';
import { activeGauge } from './meter/active-gauge';
import { ActiveRequests } from './pipeline/active-requests';
import { order } from './pipeline/order';
import { Pipeline } from './pipeline/pipeline';
import type { LimitStore } from './stores/limit-store';
import type { LineOutput } from './telemetry/line-output';
import { collectProcessMetrics } from './telemetry/process-metrics';
import { Registry } from './telemetry/registry';
import type { Logger } from './telemetry/logger';
import type { OtlpExporter } from './telemetry/otlp-exporter';
import type { SpanExporter } from './telemetry/span';
import { Tracing } from './trace/tracing';
import { Breakers } from './upstream/breakers';
import { UpstreamClients } from './upstream/clients';
import { providersOf } from './upstream/providers';

export interface AppOptions {
  readonly environment: Pick<ProcessEnvironment, 'mode' | 'configFile' | 'secretsDirectory'>;
  readonly logger: Logger;
  /** Standard output: where the log goes, and the audit of the default configuration. */
  readonly output: LineOutput;
  /** An operator asks for the end of this replica; may be called more than once. Default: it drains. */
  readonly onEndAsked?: () => void;
  /** Default: the contract's. */
  readonly timings?: Timings;
}

/** The gateway, put together. Neither server listens yet. */
export interface App {
  readonly publicServer: ListenerServer;
  readonly adminServer: ListenerServer;
  readonly drain: Drain;
  /** Releases everything at once. After a drain nothing is lost by it. */
  close(): Promise<void>;
}

/** @throws InvalidInput where the configuration or a secret cannot be used. */
export async function createApp({
  environment,
  logger,
  output,
  onEndAsked,
  timings = contractTimings,
}: AppOptions): Promise<App> {
  const registry = new Registry();
  const active = new ActiveRequests(timings.request.gatewayTotalMs);
  const breakers = new Breakers(registry, logger, monotonicClock);
  const clients = new UpstreamClients(timings.upstream.connectMs);
  const answers = new KeptAnswers(registry);
  const jwks = new JwksSources(registry, logger, timings.identity);

  let pipeline: Pipeline | undefined;
  let secretsInUse: Secrets | undefined;
  let adminApi: AdminApi | undefined;
  let audit: { log: AuditLog; config: RuntimeConfig['audit'] } | undefined;
  let tls: { readonly serving: ServingTls | undefined; readonly config: RuntimeConfig['tls'] } | undefined;
  let limits: { store: LimitStore; config: RuntimeConfig['store'] } | undefined;
  const currentPipeline = (): Pipeline => {
    if (pipeline === undefined) throw new Error('asked before the first configuration');
    return pipeline;
  };
  /** For what outlives a configuration. */
  const currentSecret = (file: string): string => {
    if (secretsInUse === undefined) throw new Error('asked before the first configuration');
    return secretsInUse.get(file);
  };
  const tracing = new Tracing({
    registry,
    logger,
    secret: currentSecret,
    timings: timings.tracing,
    newExporter: newOtlpExporter,
  });
  const adminApiOf = (
    config: RuntimeConfig,
    secrets: Secrets,
    auditLog: AuditLog,
    store: LimitStore,
  ): AdminApi | undefined => {
    if (config.admin === undefined) return undefined;
    const { tokenFile } = config.admin;
    const access = new AdminAccess(config.admin, () => secrets.get(tokenFile));
    const drainOnce = (): void => {
      if (!drain.isBegun) void drain.run();
    };
    const operations = new Operations(config, store, breakers, logger, onEndAsked ?? drainOnce);
    return new AdminApi({ access, operations, audit: auditLog, logger });
  };
  const failures = handshakeFailures(registry);
  const servingTls = (config: RuntimeConfig['tls']): ServingTls | undefined => {
    if (config === undefined) return undefined;
    const { handshakeMs } = timings.client;
    return new ServingTls({ config, secret: currentSecret, handshakeMs, failures, registry, logger });
  };
  const reloads = reloadMetrics(registry);
  const watch = await followConfig(
    { ...environment, pollMs: timings.config.pollMs },
    {
      onConfig: async (config, secrets) => {
        if (audit !== undefined) sameSink(audit.config, config.audit);
        if (limits !== undefined) sameStore(limits.config, config.store);
        if (tls !== undefined) sameTls(tls.config, config.tls);
        const secret = (file: string): string => secrets.get(file);
        const providers = providersOf(config, clients, timings.upstream, secret);
        const isReload = pipeline !== undefined;
        audit = {
          log: audit?.log ?? (await openAudit({ config: config.audit, output, logger })),
          config: config.audit,
        };
        audit.log.onFailure = config.audit.onFailure;
        secretsInUse = secrets;
        tls ??= { serving: servingTls(config.tls), config: config.tls };
        tls.serving?.refresh();
        limits ??= {
          store: openStore(config.store, currentSecret, storeObserver(registry, logger), timings.store),
          config: config.store,
        };
        breakers.adopt(config);
        pipeline = new Pipeline(
          order({
            config,
            secret,
            jwks,
            providers,
            breakers,
            store: limits.store,
            registry,
            logger,
            audit: audit.log,
            timings,
            answers: answers.follow(config),
            spans: tracing.follow(config.tracing),
          }),
          logger,
        );
        adminApi = adminApiOf(config, secrets, audit.log, limits.store);
        reloads.succeeded(isReload);
        logger.info({ models: config.models.length, tenants: config.tenants.length }, 'configuration in use');
      },
      onRefused: (error) => {
        reloads.failed();
        logger.error({ reason: error.message }, 'configuration refused; the old one stays in use');
      },
      onSecrets: ({ changed, refused }) => {
        tls?.serving?.refresh();
        if (changed.length > 0) logger.info({ files: changed }, 'secrets read again');
        if (refused.length > 0)
          logger.error({ files: refused }, 'secrets unusable; the old values stay in use');
      },
    },
  );

  const drain: Drain = new Drain(() => publicServer, active, timings.shutdown);
  const publicServer = publicListener({
    pipeline: currentPipeline,
    active,
    isDraining: () => drain.isBegun,
    timings,
    clock: monotonicClock,
    tls: tls?.serving,
  });
  const adminServer = adminListener({ registry, api: () => adminApi, timings: timings.client });
  activeGauge(registry, active);
  connectionGauge(registry, publicServer);
  auditMetrics(registry, () => audit?.log);
  secretAges(registry, () => secretsInUse);
  const stopProcessMetrics = collectProcessMetrics(registry);

  return {
    publicServer,
    adminServer,
    drain,
    close: async () => {
      watch.stop();
      stopProcessMetrics();
      await Promise.all([closed(publicServer), closed(adminServer)]);
      clients.destroy();
      jwks.stop();
      await limits?.store.close();
      await tracing.close();
      // Last: what ends above is recorded too.
      await audit?.log.close();
    },
  };
}

/**
 * Loads the exporter and OpenTelemetry only where traces are asked for: its packages would double what every other gateway
 * loads. In the image it is a file of its own, at the same place as seen from here.
 */
function newOtlpExporter(...options: ConstructorParameters<typeof OtlpExporter>): SpanExporter {
  const loaded = createRequire(__filename)('./telemetry/otlp-exporter') as {
    OtlpExporter: typeof OtlpExporter;
  };
  return new loaded.OtlpExporter(...options);
}

function reloadMetrics({ families }: Registry): { succeeded(isReload: boolean): void; failed(): void } {
  const [success, failure] = labelValues.reloadResult.map((result) =>
    families.configReloads.series({ result }),
  );
  const last = families.configLastReloadSuccessful.series({});
  return {
    succeeded: (isReload) => {
      last.value = 1;
      if (isReload) success?.increment();
    },
    failed: () => {
      last.value = 0;
      failure?.increment();
    },
  };
}

/** Those of the configuration in use: a file that it no longer names grows old for nobody. */
function secretAges(registry: Registry, secrets: () => Secrets | undefined): void {
  const family = registry.families.secretIssued;
  let told: Secrets | undefined;
  registry.onCollect(() => {
    const current = secrets();
    // Not at each scrape: another one may be reading the series.
    if (current !== told) family.clear();
    told = current;
    for (const [file, seconds] of current?.issued ?? []) family.series({ file }).value = seconds;
  });
}

function connectionGauge(registry: Registry, server: ListenerServer): void {
  const gauge = registry.families.openConnections.series({});
  server.on('connection', (socket: Socket) => {
    gauge.value += 1;
    socket.once('close', () => {
      gauge.value -= 1;
    });
  });
}

function closed(server: ListenerServer): Promise<void> {
  return new Promise((resolve) => {
    // A server that does not listen any more reports an error, and is closed all the same.
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
