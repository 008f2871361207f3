/** What a log line must not carry further, with what stands in its place. */
interface Redaction {
  readonly what: string;
  /** RE2, as the collector reads it: no look-around. Without `$`, which its configuration takes for a variable. */
  readonly pattern: string;
  readonly replacement: string;
}

const hidden = '[redacted]';

/**
 * In the order in which they are applied. The gateway logs none of these; this is for the day on which a library's message
 * or a provider's error does.
 */
export const redactions: readonly Redaction[] = [
  {
    what: 'an authorization',
    pattern: '(?i)\\b(bearer|basic)\\s+[A-Za-z0-9+/=._~-]{8,}',
    replacement: hidden,
  },
  { what: 'a key of the gateway', pattern: '\\bgw-[A-Za-z0-9_-]{20,}', replacement: hidden },
  { what: "a provider's key", pattern: '\\bsk-[A-Za-z0-9_-]{16,}', replacement: hidden },
  {
    what: 'a JSON web token',
    pattern: '\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*',
    replacement: hidden,
  },
  { what: "a cloud's access key", pattern: '\\b(AKIA|ASIA)[0-9A-Z]{16}\\b', replacement: hidden },
  { what: 'credentials in an address', pattern: '://[^/\\s:@"]+:[^/\\s@"]+@', replacement: `://${hidden}@` },
  {
    what: 'a mail address',
    pattern: '\\b[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}\\b',
    replacement: hidden,
  },
];
