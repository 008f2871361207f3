import { connect, isIP, type Socket } from 'node:net';
import { portOf } from '../../../contract/url-port';
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls';

/** Largest read. One buffer serves all connections of a dialer: what is kept of it is copied within the read. */
const readBufferBytes = 64 * 1024;
/** Silence after which the kernel asks whether the other side is still there. */
const probeAfterMs = 30_000;

export interface DialerOptions {
  /** Scheme, host and port of the provider. */
  readonly origin: string;
  /**
   * Certificates in PEM that are trusted in place of Node's own list; asked for each connection, so that a changed list
   * counts from the next one on. Verification itself can't be turned off.
   */
  readonly ca?: (() => string | undefined) | undefined;
}

/** What a connection must hear. */
export interface SocketListener {
  /** The other side is reached and, with TLS, is who it should be. */
  onReady(): void;
  /** `bytes` were read into {@link Dialer.readBuffer}. False stops reading until `resume`. */
  onRead(bytes: number): boolean;
  onEnd(): void;
  onError(error: Error): void;
  onClose(): void;
}

/** Opens connections to one origin. */
export class Dialer {
  /** Value of the Host header. */
  readonly host: string;
  readonly readBuffer = Buffer.allocUnsafeSlow(readBufferBytes);
  readonly #hostname: string;
  readonly #port: number;
  readonly #isTls: boolean;
  readonly #ca: () => string | undefined;
  #trusted: { readonly ca: string | undefined; readonly context: SecureContext } | undefined;
  /** Of the last handshake: the next one then needs no certificates and no public-key arithmetic. */
  #session: Buffer | undefined;

  /** @throws TypeError where the origin is no http or https URL. */
  constructor({ origin, ca = () => undefined }: DialerOptions) {
    const url = new URL(origin);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw new TypeError(
        `The origin ${origin} has the scheme ${url.protocol} in place of http: or https:. No client was made.`,
      );
    }
    const secure = url.protocol === 'https:';
    this.host = url.host;
    this.#hostname = url.hostname.replace(/^\[|\]$/g, '');
    this.#port = portOf(url);
    this.#isTls = secure;
    this.#ca = ca;
  }

  dial(listener: SocketListener): Socket {
    const options = {
      host: this.#hostname,
      port: this.#port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: probeAfterMs,
      onread: { buffer: this.readBuffer, callback: (bytes: number) => listener.onRead(bytes) },
    };
    const socket = this.#isTls ? this.#dialTls(options) : connect(options);
    socket.once(this.#isTls ? 'secureConnect' : 'connect', () => {
      listener.onReady();
    });
    socket.on('end', () => {
      listener.onEnd();
    });
    socket.on('error', (error) => {
      listener.onError(error);
    });
    socket.on('close', () => {
      listener.onClose();
    });
    return socket;
  }

  #dialTls(options: object): Socket {
    const socket = connectTls({
      ...options,
      secureContext: this.#secureContext(),
      ALPNProtocols: ['http/1.1'],
      // Said outright, because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise turn it off.
      rejectUnauthorized: true,
      // An address is no server name; the certificate is then checked against the address.
      ...(isIP(this.#hostname) === 0 && { servername: this.#hostname }),
      ...(this.#session !== undefined && { session: this.#session }),
    });
    socket.on('session', (session) => {
      this.#session = session;
    });
    return socket;
  }

  /** Kept while the list is the same: parsing the certificates for each connection takes longer than the handshake. */
  #secureContext(): SecureContext {
    const ca = this.#ca();
    if (this.#trusted !== undefined && this.#trusted.ca === ca) return this.#trusted.context;
    const context = createSecureContext({ minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) });
    // A session would be resumed without a look at the certificate: by whom it was signed is to be asked anew.
    this.#session = undefined;
    this.#trusted = { ca, context };
    return context;
  }
}
