import { enrolmentToken, type EnrolmentToken } from '../../contract/sync.ts';

const prefix = 'usher1.';
const askForNew = 'Copy it again from the console, whole, or ask for a new one.';

/**
 * Reads `usher1.` + base64url of the token's JSON.
 * @throws Error with a sentence that says what is wrong and what to do.
 */
export function readEnrolmentToken(text: string): EnrolmentToken {
  const trimmed = text.trim();
  if (!trimmed.startsWith(prefix)) {
    throw new Error(`The enrolment token (USHER_ENROLMENT_TOKEN) does not begin with "${prefix}". ${askForNew}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(trimmed.slice(prefix.length), 'base64url').toString('utf8'));
  } catch {
    throw new Error(`The enrolment token (USHER_ENROLMENT_TOKEN) is cut off or mistyped. ${askForNew}`);
  }
  const parsed = enrolmentToken.safeParse(value);
  if (!parsed.success) {
    throw new Error(
      `The enrolment token (USHER_ENROLMENT_TOKEN) has no usable "${String(parsed.error.issues[0]?.path[0] ?? 'content')}". ${askForNew}`,
    );
  }
  const fault = originFault(parsed.data.server);
  if (fault !== null) throw new Error(fault);
  return parsed.data;
}

/** Null for HTTPS anywhere and HTTP on this computer itself, else the sentence that refuses. */
export function originFault(server: string): string | null {
  const url = new URL(server);
  if (url.protocol === 'https:') return null;
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'http:' && loopback) return null;
  return `The server ${url.origin} would be reached without encryption. Give it an https:// address; plain HTTP is only for a server on this computer itself.`;
}
