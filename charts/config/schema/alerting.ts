import { z } from 'zod';
import { rule } from '../../../gateway-app/contract/validate';
import type { SecretKey } from '../receiver';
import { dnsLabel, pattern } from './scalars';

const secretKey = z
  .custom<SecretKey>()
  .refine(
    (value) => typeof value === 'object',
    rule(
      'must be { secret, key }: a literal would stand in the manifests, and in the history of whatever keeps them',
      'put it into a Secret, and name that and its key',
    ),
  )
  .pipe(
    z.strictObject({
      secret: dnsLabel(253),
      key: pattern(
        /^[-._a-zA-Z0-9]{1,253}$/,
        'must be letters, digits, hyphens, dots or underscores, as the keys of a Secret are',
        'correct it',
      ),
    }),
  );

export const receiver = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('pager-duty'), routingKey: secretKey }),
    z.strictObject({
      kind: z.literal('slack'),
      urlSecret: secretKey,
      channel: pattern(/^[#@]\S+$/, 'must be a channel or a person', 'write it like #ai-gateway'),
    }),
    z.strictObject({ kind: z.literal('webhook'), urlSecret: secretKey }),
  ],
  { error: 'must be a receiver made by Receiver' },
);

const receivers = (why: string) =>
  z
    .array(receiver)
    .readonly()
    .refine((list) => list.length > 0, rule(`must hold at least one receiver: ${why}`, 'add one'));

export const alerting = z.strictObject({
  page: receivers('nobody would be woken'),
  ticket: receivers('nobody would hear of what waits for the morning'),
  watchdog: receiver.optional(),
});

export type ReceiverSettings = z.output<typeof receiver>;
export type Alerting = z.output<typeof alerting>;
