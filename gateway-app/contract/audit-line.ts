/** What an audit line begins with: tells it from a log line on the same stream. */
export const auditLineStart = '{"kind":"audit",';
