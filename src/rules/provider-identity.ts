/** Claims of an ID token or the userinfo answer that say who somebody is (OpenID Connect Core 1.0 §5.1). */
export interface ProviderClaims {
  email?: unknown;
  email_verified?: unknown;
  /** Entra ID: the domain of the address is verified by its owner. */
  xms_edov?: unknown;
}

/**
 * A directory of one organisation at Entra ID. Not `common`, `organizations` or `consumers`: there, anybody can have an
 * address of their choosing put into a token.
 */
const oneDirectory =
  /^https:\/\/login\.microsoftonline\.(?:com|us)\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/v2\.0\/?$/i;

const isYes = (claim: unknown): boolean => claim === true || claim === 'true' || claim === 1 || claim === '1';

/**
 * The e-mail address a provider vouches for; null when it vouches for none. `email_verified` must be true. The exception
 * is a single directory of Entra ID, which sends no `email_verified`: its administrators alone set the addresses in it,
 * so the address counts unless the token says that its domain is not verified (`xms_edov`).
 */
export function vouchedEmail(issuer: string, claims: ProviderClaims): string | null {
  const email = typeof claims.email === 'string' && claims.email.includes('@') ? claims.email.toLowerCase() : null;
  if (claims.email_verified !== undefined) return isYes(claims.email_verified) ? email : null;
  if (!oneDirectory.test(issuer)) return null;
  return claims.xms_edov === undefined || isYes(claims.xms_edov) ? email : null;
}
