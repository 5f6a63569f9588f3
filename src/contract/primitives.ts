import { z } from 'zod';

/** Lower-case hexadecimal SHA-256 digest (FIPS 180-4), 64 characters. */
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal characters');

/** Base64url without padding (RFC 4648 §5). */
export const base64url = z.string().regex(/^[A-Za-z0-9_-]*$/, 'must be base64url without padding');

/** Ed25519 signature (RFC 8032): 64 bytes as base64url. */
export const ed25519Signature = base64url.length(86, 'must be a 64-byte Ed25519 signature as base64url');

/** Ed25519 public key (RFC 8032): 32 raw bytes as base64url. */
export const ed25519PublicKey = base64url.length(43, 'must be a 32-byte Ed25519 public key as base64url');

/** Instant in UTC with milliseconds, as written by `Date.prototype.toISOString` (RFC 3339 profile). */
export const instant = z.iso.datetime({ precision: 3 });

/** Calendar date, `YYYY-MM-DD`. */
export const calendarDate = z.iso.date();

/**
 * What a name may not hold, because lists, mails and logs would show another name than the one that is kept: control
 * characters, line breaks, halves of characters, what cannot be seen, and what turns the text around it (bidirectional
 * embeddings, overrides and isolates, https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters). Marks that
 * only help a right-to-left name along (U+200E, U+200F) and joiners (U+200C, U+200D) are part of names.
 */
const hidden = String.raw`\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069\u200B\u2060\uFEFF`;
export const hiddenInNames = new RegExp(`[${hidden}]`, 'gu');
export const nothingHidden = new RegExp(`^[^${hidden}]*$`, 'u');

/** One line that somebody types and others read: a name, a reason. */
export const shownLine = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `must be at most ${String(most)} characters`)
    .regex(
      nothingHidden,
      'must be one line of visible text, without control characters and without characters that turn text around',
    );

/**
 * A machine's id: the first 32 hexadecimal characters of SHA-256 over its raw Ed25519 public key.
 * It is derived from the key, so a machine has it before it is enrolled and nobody can claim another's.
 */
export const deviceId = z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 lower-case hexadecimal characters');

/** 1, 2, 3 … within a machine. A new epoch begins when a journal had to be set aside. */
export const epochNumber = z.int().min(1).max(1_000_000);

/** 1, 2, 3 … within an epoch, without gaps. */
export const sequenceNumber = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

/** Stable identifier of a section, clause, statement, field or variable inside a policy. */
export const documentId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'must be lower-case letters, digits, dots and hyphens, 64 at most');

export type Instant = z.infer<typeof instant>;
export type DeviceId = z.infer<typeof deviceId>;
