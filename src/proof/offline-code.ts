import { createHmac, timingSafeEqual } from 'node:crypto';
import { codeMinutes, type CodeMinutes } from '../contract/usb.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { crockford, crockfordLetter, crockfordValue } from './crockford.ts';

/** 40 bits name the device on the screen; 45 bits prove that the server made the code. */
const deviceCodeLetters = 8;
const proofLetters = 9;
const hourMs = 60 * 60_000;
/** How many hours back a code is recognised as one that was right once. */
const rememberedHours = 72;

/**
 * What the person reads out: names a device on a machine, until a code was used there. `nonce`: changes with every use.
 * @returns eight letters as `XXXX-XXXX`.
 */
export function deviceCodeOf(machine: string, nonce: string, device: string): string {
  const letters = crockford(sha256(canonicalJson({ machine, nonce, device })), deviceCodeLetters);
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/**
 * The code IT reads back: how long, and a proof of it with the key that only the server and this machine have. It can be
 * entered for at least one hour and at most three, whichever way the two clocks are an hour apart.
 * @param deviceCode as `deviceCodeOf` gave it.
 * @returns ten letters as `XXXXX-XXXXX`.
 */
export function offlineCode(codeKey: string, deviceCode: string, minutes: CodeMinutes, atMs: number): string {
  const letters = codeLetters(codeKey, deviceCode, minutes, Math.floor(atMs / hourMs));
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
}

export type CodeOutcome =
  { outcome: 'accepted'; minutes: CodeMinutes } | { outcome: 'wrong' | 'expired'; minutes: null };

/** Checks what was typed, whatever its capitals and gaps. Takes the same time for every wrong code of the same form. */
export function checkOfflineCode(codeKey: string, deviceCode: string, typed: string, atMs: number): CodeOutcome {
  const letters = normalLetters(typed);
  const minutes = codeMinutes[crockfordValue(letters[0] ?? '')];
  if (letters.length !== proofLetters + 1 || minutes === undefined) return { outcome: 'wrong', minutes: null };
  const hour = Math.floor(atMs / hourMs);
  let fits: number | null = null;
  for (let made = hour + 1; made >= hour - rememberedHours; made -= 1) {
    const right = codeLetters(codeKey, deviceCode, minutes, made);
    if (timingSafeEqual(Buffer.from(right), Buffer.from(letters))) fits = made;
  }
  if (fits === null) return { outcome: 'wrong', minutes: null };
  return fits >= hour - 1 ? { outcome: 'accepted', minutes } : { outcome: 'expired', minutes: null };
}

/** Capitals without gaps, with the letters that are easily misread put right (https://www.crockford.com/base32.html). */
export function normalLetters(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
}

/** A device code as it was typed into the console, in its own form; null where it cannot be one. */
export function typedDeviceCode(typed: string): string | null {
  const letters = normalLetters(typed);
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(letters) ? `${letters.slice(0, 4)}-${letters.slice(4)}` : null;
}

function codeLetters(codeKey: string, deviceCode: string, minutes: CodeMinutes, hour: number): string {
  const fields = { context: 'usher/usb-code/1', deviceCode, minutes, hour };
  const proof = createHmac('sha256', Buffer.from(codeKey, 'base64url')).update(canonicalJson(fields)).digest();
  return `${crockfordLetter(codeMinutes.indexOf(minutes))}${crockford(proof, proofLetters)}`;
}
