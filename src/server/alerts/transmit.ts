import type { OpenChannel } from './channels.ts';
import type { WrittenMessage } from './message.ts';
import { sendEmail } from './send-email.ts';
import { sendWebhook } from './send-webhook.ts';
import { failed, type Sent } from './sending.ts';
import type { AlertContext } from './surroundings.ts';
import { asHtml, asSlack, asTeams, asText, singleLine } from './written-forms.ts';

export interface Transmission {
  /** The same on every try, so that the receiver can tell a repetition. */
  id: string;
  /** The mail address; empty for a webhook. */
  target: string;
  written: WrittenMessage;
  /** The body of a signed webhook. */
  json: unknown;
  at: Date;
}

/** One try to send one message to one receiver. Never throws for what a receiver does. */
export async function transmit(context: AlertContext, channel: OpenChannel, message: Transmission): Promise<Sent> {
  const { id, target, written, json, at } = message;
  if (channel.kind === 'email') {
    if (channel.server === null) return failed('No mail server is set: set USHER_SMTP_URL and start the server again.');
    const mail = { id, to: target, subject: singleLine(written.subject).slice(0, 200), at };
    return await sendEmail(channel.server, { ...mail, text: asText(written), html: asHtml(written) });
  }
  const body = { standard: () => json, slack: () => asSlack(written), teams: () => asTeams(written) }[channel.format]();
  return await sendWebhook(channel, { id, body }, context);
}
