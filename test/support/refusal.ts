import { GatewayError } from '../../gateway-app/src/core/gateway-error';

/** How the act is refused; undefined where it is not. Any other error is thrown on. */
export function refusal(act: () => unknown): { code: string; param: string | undefined } | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { code: error.code, param: error.param };
  }
}
