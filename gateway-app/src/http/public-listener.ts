import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { headers } from '../../contract/headers';
import { httpPaths } from '../../contract/paths';
import type { Clock } from '../core/clock';
import { GatewayError } from '../core/gateway-error';
import { RequestContext, type RequestOrigin } from '../core/request-context';
import { requestId } from '../core/request-id';
import type { Timings } from '../core/timings';
import type { ActiveRequests } from '../pipeline/active-requests';
import type { Pipeline } from '../pipeline/pipeline';
import { clientFault, isUnused, pathInBytes, type ParserError } from './client-error';
import { RawExchange } from './raw-exchange';
import { formFault } from './request-form';
import { NodeExchange } from './respond';
import type { ServingTls } from './serving-tls';
import { dialectOf, isHealthCheck, matchRoute, pathOf } from './route-table';

export const maxHeaderBytes = 16 * 1024;

export interface PublicListenerParts {
  /** The pipeline of the current configuration. */
  readonly pipeline: () => Pipeline;
  readonly active: ActiveRequests;
  readonly isDraining: () => boolean;
  readonly timings: Timings;
  readonly clock: Clock;
  /** Absent: plain HTTP. */
  readonly tls?: ServingTls | undefined;
}

/** Plain or by TLS. */
export type ListenerServer = Server | TlsServer;

/** The listener for clients: the API and the health checks. */
export function publicListener(parts: PublicListenerParts): ListenerServer {
  const listener = new PublicListener(parts);
  const { client } = parts.timings;
  const options = {
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: client.headersMs,
    requestTimeout: client.requestMs,
    keepAliveTimeout: client.keepAliveMs,
    // How late a slow client may be noticed.
    connectionsCheckingInterval: Math.min(1_000, client.headersMs / 4),
    insecureHTTPParser: false,
    // node:http would answer a missing Host by itself: uncounted, and in no dialect.
    requireHostHeader: false,
  };
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    listener.serve(request, response, false);
  };
  const { tls } = parts;
  if (tls === undefined) return withErrors(createServer(options, serve), listener);
  const server = createTlsServer({ ...options, ...tls.options }, serve);
  tls.attach(server);
  return withErrors(server, listener);
}

function withErrors<Kind extends ListenerServer>(server: Kind, listener: PublicListener): Kind {
  server.on('checkContinue', (request, response) => {
    listener.serve(request, response, true);
  });
  server.on('checkExpectation', (request, response) => {
    listener.serve(request, response, false);
  });
  server.on('connect', (_request, socket) => {
    listener.refuseTunnel(socket);
  });
  server.on('clientError', (error: ParserError, socket) => {
    listener.clientError(error, socket);
  });
  return server;
}

interface OpenRequest {
  readonly context: RequestContext;
  readonly incoming: IncomingMessage;
  /** Call it when the client's side has ended; further calls do nothing. */
  readonly end: () => void;
}

/** What is in progress on a connection, in the order of its requests, and the fault that waits until it has ended. */
interface Connection {
  readonly open: OpenRequest[];
  fault?: () => void;
}

class PublicListener {
  readonly #connections = new WeakMap<Duplex, Connection>();

  constructor(private readonly parts: PublicListenerParts) {}

  serve(incoming: IncomingMessage, outgoing: ServerResponse, expectsContinue: boolean): void {
    const { method = '', url = '' } = incoming;
    const path = pathOf(url);
    const id = requestId(incoming.headers[headers.requestId]);
    const exchange = new NodeExchange(incoming, outgoing, id, this.#mustLeave(incoming), expectsContinue);
    if (isHealthCheck(method, path)) {
      this.#answerHealth(path, exchange);
      return;
    }
    const { route, dialect, refusal } = matchRoute(method, path);
    // Asked now: a connection that is gone has no address any more.
    const sourceIp = incoming.socket.remoteAddress ?? '';
    const origin = { id, route, dialect, sourceIp };
    const context = new RequestContext(origin, exchange, exchange, this.parts.clock);
    const pipeline = this.parts.pipeline();
    const complete = this.parts.active.begin(context, pipeline);
    const connection = this.#connectionOf(incoming.socket);
    const { open } = connection;
    const request: OpenRequest = {
      context,
      incoming,
      end: () => {
        const index = open.indexOf(request);
        if (index === -1) return;
        open.splice(index, 1);
        if (!outgoing.writableFinished) context.abort('client_gone');
        complete();
        if (open.length === 0 && incoming.socket.writable) connection.fault?.();
      },
    };
    open.push(request);
    outgoing.once('close', request.end);
    const fault = formFault(incoming) ?? refusal;
    if (fault !== undefined) context.fail(fault);
    else void pipeline.run(context);
  }

  /** Whether the client is asked to open its next connection anew. */
  #mustLeave({ socket }: IncomingMessage): () => boolean {
    const { tls, isDraining } = this.parts;
    return tls === undefined ? isDraining : () => isDraining() || tls.isOutdated(socket);
  }

  /** Answers what never became a request. It is counted and logged like one. */
  refuse(socket: Duplex, path: string, error: GatewayError): void {
    const sourceIp = socket instanceof Socket ? (socket.remoteAddress ?? '') : '';
    const origin: RequestOrigin = {
      id: requestId(undefined),
      route: 'other',
      dialect: dialectOf(path),
      sourceIp,
    };
    const exchange = new RawExchange(socket, origin.id);
    const context = new RequestContext(origin, exchange, exchange, this.parts.clock);
    const complete = this.parts.active.begin(context, this.parts.pipeline());
    context.fail(error);
    complete();
  }

  refuseTunnel(socket: Duplex): void {
    // node:http gave the socket away: behind an answer that the client does not read, nothing would ever close it.
    if (this.#connectionOf(socket).open.length > 0) socket.destroy();
    else this.refuse(socket, '', new GatewayError('method_not_allowed', { allow: 'GET, HEAD, POST' }));
  }

  clientError(error: ParserError, socket: Duplex): void {
    const fault = clientFault(error);
    if (fault === undefined || !socket.writable || isUnused(socket)) {
      socket.destroy();
      return;
    }
    const connection = this.#connections.get(socket);
    const unread = connection?.open.find(({ incoming }) => !incoming.complete);
    const answer = (): void => {
      this.refuse(socket, pathInBytes(error), fault);
    };
    // In its body: it is that request's fault. After a whole request: its answer comes first.
    if (unread !== undefined) unread.context.fail(fault);
    else if (connection !== undefined && connection.open.length > 0) connection.fault = answer;
    else answer();
  }

  #connectionOf(socket: Duplex): Connection {
    const known = this.#connections.get(socket);
    if (known !== undefined) return known;
    const connection: Connection = { open: [] };
    this.#connections.set(socket, connection);
    // The answer to a pipelined request gets the connection only when its turn comes, and is not told of its end before.
    socket.once('close', () => {
      for (const request of [...connection.open]) request.end();
    });
    return connection;
  }

  /** Alive while the event loop turns. Ready unless draining: a provider's outage must not empty the Service. */
  #answerHealth(path: string, exchange: NodeExchange): void {
    const ready = path === httpPaths.live || !this.parts.isDraining();
    exchange.answer(
      ready ? 200 : 503,
      { 'content-type': 'application/json', 'cache-control': 'no-store' },
      ready ? '{"status":"ok"}' : '{"status":"draining"}',
    );
  }
}
