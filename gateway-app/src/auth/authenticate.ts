import { headers } from '../../contract/headers';
import type { AuthenticationMethod } from '../../contract/metrics';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { accessMethods, type JwtMethod } from '../../contract/runtime-config-access';
import { GatewayError } from '../core/gateway-error';
import type { RequestContext, Tenant } from '../core/request-context';
import type { RequestStage } from '../core/stage';
import type { Registry } from '../telemetry/registry';
import { Authentications } from './authentications';
import { Certificates } from './certificates';
import { Keys } from './keys';
import { Remembered, type Recognized } from './remembered';
import type { JwksSources } from './tokens/jwks-sources';
import { Tokens } from './tokens/tokens';

const anonymous: Tenant = { name: 'anonymous', identity: 'none' };
const bearer = /^Bearer +([\x21-\x7e]+) *$/i;

export interface AuthenticateParts {
  readonly config: RuntimeConfig;
  readonly jwks: JwksSources;
  /** The content of a secret's file as it is now. */
  readonly secret: (file: string) => string;
  readonly registry: Registry;
}

/** Finds whose a request is, or refuses it. A new configuration remembers nothing, so what it removes ends at once. */
export function authenticate({ config, jwks, secret, registry }: AuthenticateParts): RequestStage {
  const methods = accessMethods(config.access);
  const issuers = methods.filter((method): method is JwtMethod => method.kind === 'jwt');
  const sources = jwks.use(issuers, secret);
  const counted = new Authentications(registry);
  if (config.access === 'anonymous') {
    return (context) => {
      context.tenant = anonymous;
      counted.accepted('none');
    };
  }
  const keys = methods.some(({ kind }) => kind === 'keys') ? new Keys(config) : undefined;
  const tokens = issuers.length === 0 ? undefined : new Tokens(config, sources);
  const certificates = methods.some(({ kind }) => kind === 'client-certificates')
    ? new Certificates(config)
    : undefined;
  return new Authentication({ keys, tokens, certificates }, counted).stage;
}

/** The ways that the configuration takes. */
interface Ways {
  readonly keys: Keys | undefined;
  readonly tokens: Tokens | undefined;
  readonly certificates: Certificates | undefined;
}

class Authentication {
  readonly #remembered = new Remembered();

  constructor(
    private readonly ways: Ways,
    private readonly counted: Authentications,
  ) {}

  readonly stage: RequestStage = (context) => {
    const { keys, tokens, certificates } = this.ways;
    const header = keys === undefined && tokens === undefined ? undefined : credentialHeader(context);
    if (header === undefined) {
      // What is sent goes before what was shown: a wrong key must not be hidden by a right certificate.
      if (certificates === undefined) throw this.#refuse('none', new GatewayError('missing_api_key'));
      this.#byCertificate(context, certificates);
      return;
    }
    const known = this.#remembered.get(header);
    if (known !== undefined) {
      this.#accept(context, known);
      return;
    }
    const credential = bearer.exec(header)?.[1];
    if (credential === undefined) {
      const detail = 'The header sent is of another form.';
      throw this.#refuse('none', new GatewayError('missing_api_key', { detail }));
    }
    const byKey = keys?.find(credential);
    if (byKey !== undefined) {
      this.#take(context, header, { tenant: byKey });
      return;
    }
    if (tokens === undefined) throw this.#refuse('key', new GatewayError('invalid_api_key'));
    if (Tokens.looksLikeOne(credential)) return this.#byToken(context, header, credential, tokens);
    throw this.#refuse(
      keys === undefined ? 'token' : 'key',
      new GatewayError(keys === undefined ? 'invalid_token' : 'invalid_api_key'),
    );
  };

  #byCertificate(context: RequestContext, certificates: Certificates): void {
    const shown = context.request.clientCertificate;
    let tenant: Tenant;
    try {
      tenant = certificates.find(shown);
    } catch (error) {
      throw this.#refuse(shown === undefined ? 'none' : 'certificate', error);
    }
    this.#accept(context, tenant);
  }

  async #byToken(context: RequestContext, header: string, token: string, tokens: Tokens): Promise<void> {
    let recognized: Recognized;
    try {
      recognized = await tokens.find(token);
    } catch (error) {
      throw this.#refuse('token', error);
    }
    this.#take(context, header, recognized);
  }

  #take(context: RequestContext, header: string, recognized: Recognized): void {
    this.#remembered.add(header, recognized);
    this.#accept(context, recognized.tenant);
  }

  #accept(context: RequestContext, tenant: Tenant): void {
    context.tenant = tenant;
    this.counted.accepted(tenant.identity);
  }

  #refuse<Thrown>(method: AuthenticationMethod, error: Thrown): Thrown {
    const isAway = error instanceof GatewayError && error.code === 'identity_unavailable';
    this.counted.refused(method, isAway ? 'unavailable' : 'refused');
    return error;
  }
}

/** The header with the credential, as `Authorization` writes it. */
function credentialHeader({ origin, request }: RequestContext): string | undefined {
  const apiKey = origin.dialect === 'anthropic' ? request.headers[headers.apiKey] : undefined;
  return typeof apiKey === 'string' ? `Bearer ${apiKey}` : request.headers[headers.authorization];
}
