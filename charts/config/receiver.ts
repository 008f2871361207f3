/** A key of a Secret in the gateway's namespace, made by someone else. The value itself has no place in a manifest. */
export interface SecretKey {
  /** Name of the Secret. */
  readonly secret: string;
  /** Its key. */
  readonly key: string;
}

/** Where Alertmanager delivers to. */
export type Receiver = PagerDutyReceiver | SlackReceiver | WebhookReceiver;

interface PagerDutyReceiver {
  readonly kind: 'pager-duty';
  readonly routingKey: SecretKey;
}

interface SlackReceiver {
  readonly kind: 'slack';
  readonly urlSecret: SecretKey;
  readonly channel: string;
}

interface WebhookReceiver {
  readonly kind: 'webhook';
  readonly urlSecret: SecretKey;
}

/** Receivers, each by what it needs. Its secret is named and never written. */
export const Receiver = {
  /** PagerDuty, by the integration key of a service (Events API v2). */
  pagerDuty: ({ routingKey }: Omit<PagerDutyReceiver, 'kind'>): Receiver => ({
    kind: 'pager-duty',
    routingKey,
  }),

  /** Slack, by an incoming webhook's address; `channel` like `#ai-gateway`. */
  slack: ({ urlSecret, channel }: Omit<SlackReceiver, 'kind'>): Receiver => ({
    kind: 'slack',
    urlSecret,
    channel,
  }),

  /** Whatever takes Alertmanager's JSON. Its address is a secret too, since most hold a token. */
  webhook: ({ urlSecret }: Omit<WebhookReceiver, 'kind'>): Receiver => ({ kind: 'webhook', urlSecret }),
};
