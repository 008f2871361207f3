import type { FaultDomain } from './error-codes';

/** Paths of the operators' interface, on the admin port. */
export const adminPaths = {
  config: '/admin/config',
  targets: '/admin/targets',
  tenants: '/admin/tenants',
  drain: '/admin/drain',
  logLevel: '/admin/log-level',
} as const;

/** Everything below it needs the token and an address of the allowlist. */
export const adminPrefix = '/admin/';

/** Why somebody may not use it. Its other errors are those of the public listener. */
export const adminErrors = {
  address_not_allowed: {
    status: 403,
    domain: 'policy',
    message: 'This address is not on the allowlist of the admin interface.',
  },
  missing_admin_token: {
    status: 401,
    domain: 'client',
    message: 'No admin token was sent. Send it as "Authorization: Bearer <token>".',
  },
  invalid_admin_token: { status: 401, domain: 'client', message: 'The admin token is wrong.' },
} as const satisfies Record<string, { status: number; domain: FaultDomain; message: string }>;

export type AdminErrorCode = keyof typeof adminErrors;
