import { createPublicKey, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { JwtMethod } from '../../gateway-app/contract/runtime-config-access';
import type { Certificate } from './certificate';

export type SigningAlgorithm = 'RS256' | 'RS512' | 'PS256' | 'ES256' | 'EdDSA';

/** A key pair as an issuer has it. */
export interface SigningKey {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly privateKey: KeyObject;
  /** As the document lists it. */
  readonly jwk: Record<string, unknown>;
}

export const audience = 'ai-gateway';

export function signingKey(algorithm: SigningAlgorithm = 'ES256', modulusLength = 2048): SigningKey {
  const { privateKey } =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : algorithm === 'EdDSA'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('rsa', { modulusLength });
  const kid = randomUUID();
  const jwk = { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' };
  return { kid, algorithm, privateKey, jwk };
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A token put together by hand and signed by Node, so that the library under test does not judge itself. */
export function token(key: SigningKey, claims: object, header: object = {}): string {
  const input = `${encoded({ alg: key.algorithm, kid: key.kid, typ: 'JWT', ...header })}.${encoded(claims)}`;
  return `${input}.${signature(key, input).toString('base64url')}`;
}

/** Header, claims and any signature. */
export function forgedToken(header: object, claims: object, signatureText = ''): string {
  return `${encoded(header)}.${encoded(claims)}.${signatureText}`;
}

function signature({ algorithm, privateKey }: SigningKey, input: string): Buffer {
  const bytes = Buffer.from(input);
  switch (algorithm) {
    case 'ES256':
      return sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    case 'EdDSA':
      return sign(null, bytes, privateKey);
    case 'PS256':
      return sign('sha256', bytes, { key: privateKey, padding: 6, saltLength: 32 });
    case 'RS256':
      return sign('sha256', bytes, privateKey);
    case 'RS512':
      return sign('sha512', bytes, privateKey);
  }
}

export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

/** An issuer of tokens, whose keys are fetched over a real socket. */
export class TokenIssuer {
  keys: SigningKey[] = [signingKey()];
  /** Requests for the keys so far. */
  fetches = 0;
  /** What it does with them. */
  behave: (response: ServerResponse) => void = (response) => {
    response.setHeader('content-type', 'application/json').end(this.document());
  };

  private constructor(
    readonly url: string,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  static async start(certificate?: Certificate): Promise<TokenIssuer> {
    const started: { issuer?: TokenIssuer } = {};
    const listener: RequestListener = (_request, response) => {
      started.issuer!.fetches += 1;
      started.issuer!.behave(response);
    };
    const server =
      certificate === undefined ? createServer(listener) : createTlsServer({ ...certificate }, listener);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const origin = `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
    return (started.issuer = new TokenIssuer(origin, server));
  }

  get key(): SigningKey {
    return this.keys[0]!;
  }

  document(): string {
    return JSON.stringify({ keys: this.keys.map(({ jwk }) => jwk) });
  }

  /** The access method that takes its tokens. */
  method(changes: Partial<Omit<JwtMethod, 'jwks'>> & { readonly jwks?: object } = {}) {
    const { jwks, ...others } = changes;
    return {
      kind: 'jwt' as const,
      issuer: this.url,
      audiences: [audience],
      algorithms: ['ES256' as const],
      ...others,
      jwks: { url: `${this.url}/keys`, ...jwks },
    };
  }

  /** Claims of a token that opens, for the subject `alice`; undefined removes one. */
  claims(changes: object = {}): object {
    return { iss: this.url, aud: audience, sub: 'alice', exp: inSeconds(60), ...changes };
  }

  token(claims: object = {}, header: object = {}): string {
    return token(this.key, this.claims(claims), header);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }
}
