import { ClientGone } from '../core/client-gone';
import { asGatewayError } from '../core/gateway-error';
import type { RequestContext } from '../core/request-context';
import type { Logger } from '../telemetry/logger';
import type { Order } from './order';

/** Runs requests through the stages of one configuration. A request keeps the pipeline that it started with. */
export class Pipeline {
  constructor(
    private readonly order: Order,
    private readonly logger: Logger,
  ) {}

  /** Request phase and exchange. Ends when the exchange has begun; the answer may take longer. Never rejects. */
  async run(context: RequestContext): Promise<void> {
    try {
      for (const stage of this.order.request) {
        const pending = stage(context);
        if (pending !== undefined) await pending;
        if (context.isOver) return;
      }
      this.order.exchange[0](context);
    } catch (error) {
      if (error instanceof ClientGone) context.abort('client_gone');
      else context.fail(asGatewayError(error));
    }
  }

  /** Call once, when the client's side has ended. One stage's fault must not silence the others. */
  complete(context: RequestContext): void {
    context.stopClock();
    for (const stage of this.order.completion) {
      try {
        stage(context);
      } catch (error) {
        this.logger.error({ err: error, requestId: context.origin.id }, 'a completion stage failed');
      }
    }
  }
}
