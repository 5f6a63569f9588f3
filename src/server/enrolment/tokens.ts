import { enrolmentToken, type EnrolmentToken } from '../../contract/sync.ts';
import { keyFingerprint, sha256 } from '../../proof/index.ts';
import { randomSecret } from '../keys/secret-file.ts';
import type { Owner } from '../people/record-people.ts';
import type { Store } from '../store/database.ts';

export type TokenKind = 'oneTime' | 'school';

/** How long a token can be used. */
const lifetimeHours: Record<TokenKind, number> = { oneTime: 24, school: 30 * 24 };

export const secretHash = (secret: string): string => sha256(secret).toString('hex');

/** `usher1.` + base64url of the token's JSON: what a person copies into a machine's set-up. */
export const tokenText = (token: EnrolmentToken): string =>
  `usher1.${Buffer.from(JSON.stringify(enrolmentToken.parse(token))).toString('base64url')}`;

/** Makes an enrolment token. Only a hash of its secret is kept, so it cannot be shown again. */
export async function makeEnrolmentToken(
  context: { store: Store; owner: Owner; key: { publicKey: string }; now: () => Date; origin: () => string },
  kind: TokenKind,
): Promise<string> {
  const secret = randomSecret();
  const now = context.now();
  await context.store
    .deleteFrom('enrolment_tokens')
    .where('trust_id', '=', context.owner.trustId)
    .where('expires_at', '<', now.toISOString())
    .execute();
  await context.store
    .insertInto('enrolment_tokens')
    .values({
      trust_id: context.owner.trustId,
      school_id: context.owner.schoolId,
      secret_hash: secretHash(secret),
      kind,
      created_at: now.toISOString(),
      expires_at: new Date(now.getTime() + lifetimeHours[kind] * 3_600_000).toISOString(),
      used_by: null,
    })
    .execute();
  return tokenText({ server: context.origin(), secret, serverKeyFingerprint: keyFingerprint(context.key.publicKey) });
}
