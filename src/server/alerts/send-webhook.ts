import { createHmac, randomBytes } from 'node:crypto';
import type { WebhookFormat } from '../../contract/console-alerts.ts';
import type { Networks } from './address-guard.ts';
import { guardedPost, sentOf } from './guarded-post.ts';
import type { Sent } from './sending.ts';

export const secretPrefix = 'whsec_';
/** The specification asks for 24 to 64 bytes. */
export const freshWebhookSecret = (): string => `${secretPrefix}${randomBytes(32).toString('base64')}`;

/** Why a secret cannot sign, in plain words; null when it can. */
export function webhookSecretRefusal(secret: string): string | null {
  const encoded = secret.slice(secretPrefix.length);
  const bytes = Buffer.from(encoded, 'base64');
  if (!secret.startsWith(secretPrefix) || bytes.toString('base64') !== encoded)
    return 'must be whsec_ followed by base64';
  return bytes.length >= 24 && bytes.length <= 64 ? null : 'must hold 24 to 64 bytes; leave it out to have one made';
}

/**
 * The headers of a signed webhook (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md):
 * `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`. The id is the same on every try.
 */
export function signatureHeaders(secret: string, id: string, body: string, at: Date): Record<string, string> {
  const seconds = String(Math.floor(at.getTime() / 1_000));
  const key = Buffer.from(secret.slice(secretPrefix.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` };
}

export async function sendWebhook(
  receiver: { url: string; secret: string | null; format: WebhookFormat },
  message: { id: string; body: unknown },
  { networks, now }: { networks: Networks; now: () => Date },
): Promise<Sent> {
  const body = JSON.stringify(message.body);
  const signed = receiver.format === 'standard' && receiver.secret !== null;
  return sentOf(
    await guardedPost({
      url: receiver.url,
      headers: {
        'content-type': 'application/json',
        ...(signed ? signatureHeaders(receiver.secret ?? '', message.id, body, now()) : {}),
      },
      body,
      networks,
      now,
    }),
  );
}
