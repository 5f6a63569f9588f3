import type { WrittenMessage } from './message.ts';

/** One line, however a machine or a person was named: nothing in it can begin another header or line. */
export const singleLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => singleLine(text).replaceAll(/[&<>"']/g, (mark) => entities[mark] ?? mark);

export function asText({ paragraphs, facts, link }: WrittenMessage): string {
  const lines = facts.map(({ label, value }) => `${label}: ${singleLine(value)}`);
  return `${[...paragraphs.map(singleLine), lines.join('\n'), `${link.words}: ${link.href}`].join('\n\n')}\n`;
}

export function asHtml({ subject, paragraphs, facts, link }: WrittenMessage): string {
  const rows = facts.map(
    ({ label, value }) =>
      `<tr><th align="left" style="padding:2px 16px 2px 0;font-weight:normal;color:#555">${escaped(label)}</th><td>${escaped(value)}</td></tr>`,
  );
  return [
    '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">',
    `<title>${escaped(subject)}</title></head>`,
    '<body style="font:16px/1.5 sans-serif;color:#1c1c1c;max-width:40em">',
    ...paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>`),
    `<table style="border-collapse:collapse">${rows.join('')}</table>`,
    `<p><a href="${escaped(link.href)}">${escaped(link.words)}</a></p></body></html>`,
  ].join('\n');
}

/** Slack's incoming webhooks; `&`, `<` and `>` are its only marks that must be escaped (https://api.slack.com/reference/surfaces/formatting). */
export function asSlack(written: WrittenMessage): unknown {
  const text = (given: string) => given.replaceAll(/[&<>]/g, (mark) => entities[mark] ?? mark);
  const facts = written.facts.map(({ label, value }) => `${label}: ${text(singleLine(value))}`).join('\n');
  const body = [...written.paragraphs.map(text), facts, `<${written.link.href}|${text(written.link.words)}>`];
  return { text: body.join('\n\n') };
}

/** An Adaptive Card as the Workflows webhook of Teams takes it (https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using). */
export function asTeams(written: WrittenMessage): unknown {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            { type: 'TextBlock', text: written.subject, weight: 'Bolder', size: 'Medium', wrap: true },
            ...written.paragraphs.map((text) => ({ type: 'TextBlock', text, wrap: true })),
            { type: 'FactSet', facts: written.facts.map(({ label, value }) => ({ title: label, value })) },
          ],
          actions: [{ type: 'Action.OpenUrl', title: written.link.words, url: written.link.href }],
        },
      },
    ],
  };
}
