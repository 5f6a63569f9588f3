import type { FeedEvent } from './feed-event.ts';

/** "log audit" (RFC 5424 §6.2.1, table 1). */
const facility = 13;
/** RFC 5424 §6.2.1, table 2. */
const severities = { error: 3, warning: 4, information: 6 } as const;
/** Receivers should take messages of 8192 octets (RFC 5425 §4.3.1); what is longer may be cut or refused there. */
const longestOctets = 8_192;

/** The enterprise number that RFC 5612 sets aside for examples: Usher has none of its own. */
export const structuredDataId = 'usher@32473';

/** `\`, `"` and `]` are escaped (RFC 5424 §6.3.3). */
const quoted = (text: string): string => `"${text.replaceAll(/[\\"\]]/g, (mark) => `\\${mark}`)}"`;

/** A header field: printable US-ASCII without spaces, cut to its length; `-` where nothing is left (§6.2). */
const headerField = (text: string, most: number): string => text.replaceAll(/[^\x21-\x7e]/g, '').slice(0, most) || '-';

const param = (name: string, value: string | number | null): string =>
  value === null ? '' : ` ${name}=${quoted(String(value))}`;

/** One event as RFC 5424 has it, with everything a search needs as structured data. */
export function syslogMessage(event: FeedEvent): Buffer {
  const priority = facility * 8 + severities[event.severity];
  const data = Object.entries(event.data).flatMap(([name, value]) =>
    typeof value === 'object' ? [] : [param(`data.${name}`.slice(0, 32), String(value))],
  );
  const structured = [
    `[${structuredDataId}`,
    param('id', event.id),
    param('number', event.number),
    param('type', event.type),
    param('school', event.schoolId),
    param('deviceId', event.deviceId),
    param('machine', event.machine),
    param('epoch', event.epoch),
    param('seq', event.seq),
    param('hash', event.hash),
    param('receivedAt', event.receivedAt),
    param('clause', event.clause),
    param('policyVersion', event.policyVersion),
    param('userName', event.account?.name ?? null),
    param('userId', event.account?.id ?? null),
  ].join('');
  const header = `<${priority}>1 ${event.at} ${headerField(event.machine, 255)} usher - ${headerField(event.type, 32)} `;
  const sentence = `\uFEFF${event.sentence.replaceAll(/\p{Cc}+/gu, ' ')}`;
  const whole = Buffer.from(`${header}${structured}${data.join('')}] ${sentence}`);
  if (whole.length <= longestOctets) return whole;
  // Too long: what was recorded goes first, then the sentence is cut; who, where and which event always stay.
  const short = Buffer.from(`${header}${structured} truncated="true"] ${sentence}`);
  return short.length <= longestOctets ? short : wholeCharacters(short, longestOctets);
}

/** The longest beginning of UTF-8 text that is no longer than `octets` and ends with a whole character. */
function wholeCharacters(text: Buffer, octets: number): Buffer {
  let end = octets;
  while (end > 0 && ((text[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return text.subarray(0, end);
}

/** Octet counting (RFC 5425 §4.3): the length, a space, the message. No line ending can tear a message in two. */
export const framed = (message: Buffer): Buffer => Buffer.concat([Buffer.from(`${message.length} `), message]);
