/** Domains that nobody can own, RFC 2606: such a host stands for somebody's own. */
export const reservedDomain = /(^|\.)(example|test|invalid|localhost|example\.(com|net|org))$/;
