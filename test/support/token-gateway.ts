import type { RuntimeConfigInput } from '../../gateway-app/contract/runtime-config';
import { startFakeProvider, type FakeProvider } from './fake-provider';
import { jsonOf } from './json';
import {
  configFor,
  postChat,
  startGateway,
  type GatewayOptions,
  type RunningGateway,
} from './running-gateway';
import { TokenIssuer } from './token-issuer';

export type Method = ReturnType<TokenIssuer['method']>;

/** A gateway that takes the tokens of one issuer, with a provider behind it. */
export class TokenGateway {
  #gateway: RunningGateway | undefined;

  private constructor(
    readonly issuer: TokenIssuer,
    readonly provider: FakeProvider,
  ) {}

  /** The gateway itself starts later, by {@link start}. */
  static async prepare(): Promise<TokenGateway> {
    return new TokenGateway(await TokenIssuer.start(), await startFakeProvider());
  }

  get gateway(): RunningGateway {
    if (this.#gateway === undefined) throw new Error('the gateway was not started');
    return this.#gateway;
  }

  /** `alice` and `group-a` are of team-a, `group-b` is of team-b. */
  config(
    method: Method = this.issuer.method(),
    changes: Partial<RuntimeConfigInput> = {},
  ): RuntimeConfigInput {
    const token = (value: string) => ({ issuer: method.issuer, value });
    return configFor(this.provider.baseUrl, {
      access: [method],
      tenants: [
        { name: 'team-a', tokens: [token('alice'), token('group-a')] },
        { name: 'team-b', tokens: [token('group-b')] },
      ],
      ...changes,
    });
  }

  async start(
    config: RuntimeConfigInput = this.config(),
    identity: NonNullable<GatewayOptions['timings']>['identity'] = {},
  ): Promise<void> {
    this.#gateway = await startGateway({ config, timings: { identity } });
  }

  ask(credential: string): Promise<Response> {
    return postChat(this.gateway, {}, { headers: { authorization: `Bearer ${credential}` } });
  }

  async status(credential: string): Promise<number> {
    const response = await this.ask(credential);
    await response.text();
    return response.status;
  }

  async refusal(credential: string): Promise<{ status: number; code?: string; message?: string }> {
    const response = await this.ask(credential);
    const { error }: { error?: { code: string; message: string } } = await jsonOf(response);
    return { status: response.status, ...error };
  }

  async close(): Promise<void> {
    await this.#gateway?.close();
    await this.issuer.close();
    await this.provider.close();
  }
}

/** A refusal whose message is like this. */
export const invalidToken = (message: RegExp): object =>
  expect.objectContaining({
    status: 401,
    code: 'invalid_token',
    message: expect.stringMatching(message),
  }) as object;
