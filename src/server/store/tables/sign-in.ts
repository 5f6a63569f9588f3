import type { ColumnType, Generated } from 'kysely';

/** Tables of better-auth (https://www.better-auth.com/docs/concepts/database#core-schema). */
type AuthInstant = ColumnType<string, string, string>;

export interface AuthUserTable {
  id: string;
  name: string;
  email: string;
  emailVerified: number;
  image: string | null;
  createdAt: AuthInstant;
  updatedAt: AuthInstant;
  twoFactorEnabled: number | null;
}

export interface AuthSessionTable {
  id: string;
  expiresAt: AuthInstant;
  token: string;
  createdAt: AuthInstant;
  updatedAt: AuthInstant;
  ipAddress: string | null;
  userAgent: string | null;
  userId: string;
}

export interface AuthAccountTable {
  id: string;
  accountId: string;
  providerId: string;
  userId: string;
  accessToken: string | null;
  refreshToken: string | null;
  idToken: string | null;
  accessTokenExpiresAt: AuthInstant | null;
  refreshTokenExpiresAt: AuthInstant | null;
  scope: string | null;
  password: string | null;
  createdAt: AuthInstant;
  updatedAt: AuthInstant;
}

export interface AuthVerificationTable {
  id: Generated<string>;
  identifier: string;
  value: string;
  expiresAt: AuthInstant;
  createdAt: AuthInstant;
  updatedAt: AuthInstant;
}

/** Of better-auth's two-factor plugin; secret and backup codes are encrypted. */
export interface AuthTwoFactorTable {
  id: string;
  secret: string;
  backupCodes: string;
  userId: string;
  verified: number | null;
  failedVerificationCount: number | null;
  lockedUntil: AuthInstant | null;
}

/** Of better-auth's passkey plugin. */
export interface AuthPasskeyTable {
  id: string;
  name: string | null;
  publicKey: string;
  userId: string;
  credentialID: string;
  counter: number;
  deviceType: string;
  backedUp: number;
  transports: string | null;
  createdAt: AuthInstant | null;
  aaguid: string | null;
}

/** What the console knows of a user beyond better-auth's tables. */
export interface ConsoleUserTable {
  trust_id: string;
  user_id: string;
  created_at: string;
  /** 1: nothing can be done before there is a way to sign in again. 0: it is asked for. */
  must_set_up: number;
  disabled_at: string | null;
  last_sign_in_at: string | null;
  /** SHA-256 of the authenticator code that signed in last, which does not sign in again (RFC 6238 §5.2). */
  last_code_hash: string | null;
  last_code_at: string | null;
}

/** One-time links of invited users; only a hash of the token is kept. */
export interface SignInLinkTable {
  trust_id: string;
  token_hash: string;
  user_id: string;
  expires_at: string;
}

/** Failures to sign in, by account (hashed e-mail address) and by network address, for the growing waits. */
export interface SignInAttemptTable {
  trust_id: string;
  /** `account:…` or `address:…`. */
  attempt_key: string;
  failures: number;
  last_at: string;
}

/** A role somebody has, for one school or, as `*`, for all of them. */
export interface ConsoleRoleTable {
  trust_id: string;
  user_id: string;
  role: string;
  school_id: string;
}

/** Users of the console and how they sign in. */
export interface SignInTables {
  twoFactor: AuthTwoFactorTable;
  passkey: AuthPasskeyTable;
  console_users: ConsoleUserTable;
  sign_in_links: SignInLinkTable;
  sign_in_attempts: SignInAttemptTable;
  console_roles: ConsoleRoleTable;
  user: AuthUserTable;
  session: AuthSessionTable;
  account: AuthAccountTable;
  verification: AuthVerificationTable;
}
