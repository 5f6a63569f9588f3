import { passwordLengthLeast, passwordLengthMost } from '../contract/console-access.ts';

/** A part of a name or address this long makes a password guessable. */
const tellingLength = 4;
const ourOwnWords = ['usher', 'password'];

/**
 * What is wrong with a new password, as a sentence; null when nothing is. Length counts, and words somebody would guess
 * first are refused; no mixture of characters is asked for (NIST SP 800-63B-4 §3.1.1.2).
 */
export function passwordFault(password: string, person: { name: string; email: string }): string | null {
  const length = [...password].length;
  if (length < passwordLengthLeast) {
    return `must have at least ${passwordLengthLeast} characters; three or four unrelated words make a good one`;
  }
  if (password.length > passwordLengthMost) return `must have at most ${passwordLengthMost} characters`;
  if (new Set(password).size < 5) return 'repeats too few characters; use several unrelated words';
  if (isRun(password)) return 'is a plain sequence; use several unrelated words';
  const guessable = [...person.name.split(/\s+/), ...person.email.split(/[@.+_-]/), person.name, person.email]
    .map(plain)
    .filter((part) => part.length >= tellingLength);
  const given = plain(password);
  // What is left when everything guessable is taken out has to be long enough by itself.
  const left = [...guessable, ...ourOwnWords]
    .sort((one, other) => other.length - one.length)
    .reduce((rest, part) => rest.replaceAll(part, ''), given);
  if (left.length < passwordLengthLeast - tellingLength && left.length < given.length) {
    return 'is mostly your name, your e-mail address or the name of this program; use several unrelated words';
  }
  return null;
}

const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, '');

/** Does each character follow the one before, as in `abcdefghijkl` or `987654321098`? */
function isRun(text: string): boolean {
  const steps = [...text].slice(1).map((character, index) => character.charCodeAt(0) - text.charCodeAt(index));
  const most = Math.max(...[1, -1, 0].map((step) => steps.filter((one) => one === step).length));
  return most >= steps.length - 2;
}
