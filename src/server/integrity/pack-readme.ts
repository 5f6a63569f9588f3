import type { PackHeader } from '../../contract/pack.ts';
import { keyFingerprint } from '../../proof/index.ts';

export interface ReadmeRow {
  at: string;
  machine: string;
  who: string | null;
  summary: string;
}

const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (mark) => marks[mark] ?? mark);

const style = `body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif;color:#15202b;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.125rem;margin-top:2rem}dt{color:#4a5866}dd{margin:0 0 .5rem;overflow-wrap:anywhere}
table{width:100%;border-collapse:collapse}th,td{padding:.3rem .6rem .3rem 0;border-top:1px solid #ccd5dd;text-align:left;vertical-align:top}
code{background:#eef2f5;padding:.1rem .3rem;overflow-wrap:anywhere}`;

/** What a pack is, in words, for somebody who opens it without Usher. Everything in it is also in the machine's files. */
export function packReadme(
  header: PackHeader,
  checkpoint: { size: number; at: string },
  written: { machines: number; records: number; rows: readonly ReadmeRow[] },
): string {
  const { about } = header;
  const subject =
    about.kind === 'person' ? `${about.accountName} at ${about.schoolName}` : `the whole of ${about.schoolName}`;
  const fact = (label: string, value: string) => `<dt>${label}</dt><dd>${escaped(value)}</dd>`;
  const rows = written.rows.map(
    ({ at, machine, who, summary }) =>
      `<tr><td><time datetime="${escaped(at)}">${escaped(at.replace('T', ' ').slice(0, 19))} UTC</time></td><td>${escaped(machine)}</td><td>${escaped(who ?? '')}</td><td>${escaped(summary)}</td></tr>`,
  );
  const more = written.records - written.rows.length;
  return `<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Evidence pack</title><style>${style}</style></head>
<body>
<h1>Evidence pack: ${escaped(subject)}</h1>
<p>What Usher's central endpoint holds, with everything needed to prove that none of it was changed.${about.kind === 'person' ? ' Nothing about other people is in it: where their records stand between these, only hashes are told, from which nothing can be read.' : ''}</p>
<dl>
${fact('Made', `${header.madeAt} by ${header.madeBy}`)}
${fact('Why', header.reason)}
${fact('From', header.from)}
${fact('To', header.to)}
${fact('Holds', `${written.records} records of ${written.machines} machines`)}
${fact('Checkpoint', `${checkpoint.size} entries of the log, signed ${checkpoint.at}`)}
${fact("Fingerprint of the server's key", keyFingerprint(header.serverPublicKey))}
</dl>
<h2>How to check it</h2>
<p>On any computer with Usher, without a network: <code>usher verify PACK.zip --server-key ${keyFingerprint(header.serverPublicKey)}</code>. Take the fingerprint from somebody you trust, not from this page. Without Usher, <code>docs/record-format.md</code> of its source describes every file and every check.</p>
<h2>What happened</h2>
<table><thead><tr><th scope="col">When</th><th scope="col">Machine</th><th scope="col">Account</th><th scope="col">What</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table>
${more > 0 ? `<p>${more} more records are in the folder machines.</p>` : ''}
</body>
</html>
`;
}
