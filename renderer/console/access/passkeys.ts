import { z } from 'zod';
import {
  passkeyAssertion,
  passkeyRegistration,
  type passkeyOptions,
  type PasskeyAssertion,
} from '../../../src/contract/console-access.ts';

/** Can this browser use passkeys as the server speaks of them (WebAuthn Level 3 §5.1, `parse…FromJSON`)? */
export const passkeysWork = (): boolean =>
  typeof PublicKeyCredential === 'function' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;

/** What a browser says when the person closed its window or took too long; everything else is a fault. */
export class PasskeyEnded extends Error {}

async function asked<S extends z.ZodType>(ask: () => Promise<Credential | null>, schema: S): Promise<z.output<S>> {
  let credential: Credential | null;
  try {
    credential = await ask();
  } catch (error) {
    const ended = error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');
    throw ended ? new PasskeyEnded('No passkey was used. Try again, and follow what the browser says.') : error;
  }
  if (!(credential instanceof PublicKeyCredential)) throw new PasskeyEnded('The browser gave no passkey. Try again.');
  return schema.parse(credential.toJSON());
}

/** Asks for a passkey that is there. @throws PasskeyEnded when none was used. */
export function askForPasskey(options: z.output<typeof passkeyOptions>): Promise<PasskeyAssertion> {
  return asked(
    () => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
    passkeyAssertion,
  );
}

const creation = z.looseObject({
  challenge: z.string(),
  rp: z.looseObject({ name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.number() })),
});

/** Makes a new passkey. @throws PasskeyEnded when none was made. */
export function makePasskey(options: z.output<typeof passkeyOptions>): Promise<z.output<typeof passkeyRegistration>> {
  const parsed = creation.parse(options);
  return asked(
    () => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(parsed) }),
    passkeyRegistration,
  );
}
