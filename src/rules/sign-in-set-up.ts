import type { SetUpState } from '../contract/console-access.ts';

/** What somebody could sign in with. */
export interface WaysIn {
  password: boolean;
  totp: boolean;
  passkeys: number;
  providers: number;
  /** Nothing else may be done before there is a way; false for the first administrator, who has the link. */
  mustSetUp: boolean;
}

/**
 * Is there a way to sign in again? A password alone never suffices, whatever else there is: who guesses it would be in.
 */
export function setUpOf({ password, totp, passkeys, providers, mustSetUp }: WaysIn): SetUpState {
  if (password && !totp) return 'needed';
  if ((password && totp) || passkeys > 0 || providers > 0) return 'done';
  return mustSetUp ? 'needed' : 'asked';
}

/** What is missing, to be read on the page; null when nothing is. */
export function setUpSentence(ways: WaysIn): string | null {
  if (setUpOf(ways) === 'done') return null;
  if (ways.password) return 'Add an authenticator app: a password alone is not enough to sign in here.';
  return 'Set up a way to sign in: a passkey, or a password with an authenticator app. Your link works only once.';
}
