import { eventTypes } from '../../contract/event.ts';
import { retentionCategory } from '../../contract/retention.ts';
import { categoryWords, everyEventSays, neverRecorded, recordedData } from '../../words/recorded-data.ts';
import { keepWords } from '../../words/retention-words.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

/** The fields of one event type, or of a category's types, as lines of a table. */
function eventRows(category: (typeof retentionCategory.options)[number]): string[][] {
  return eventTypes
    .filter((type) => recordedData[type].category === category)
    .map((type) => {
      const fields = Object.entries(recordedData[type].fields).map(([name, words]) => `\`${name}\`: ${words}`);
      return [`\`${type}\``, recordedData[type].what, fields.length === 0 ? 'nothing more' : fields.join('; ')];
    });
}

/** `docs/privacy.md`, from the table that also drives retention and the impact assessment. */
export function privacyPage(): string {
  return `# Privacy

For a school's data protection officer. This page is made from the program's own table of what it records (\`node tools/privacy-page.ts\`); a test fails when the two differ.

## What is never recorded

Usher has no place for:

${neverRecorded.map((one) => `- ${one}`).join('\n')}

## What is recorded, why, and for how long

These are the defaults. A trust can choose others, and each school again others, between 1 month and 7 years, on the console under Settings → Privacy. The lawful basis is the one most schools will have; the controller decides.

${table(
  ['category', 'holds', 'purpose', 'lawful basis', 'kept for'],
  retentionCategory.options.map((one) => {
    const { word, holds, purpose, basis, keep } = categoryWords[one];
    return [word, holds, purpose, basis, keepWords(keep)];
  }),
)}

Time is counted from when the server received the record, because a machine's own clock may be wrong. A machine that was away for a month has its records for a month longer. "After the person was last seen" is after the account was last seen on any machine of the school.

If acceptances are kept for less time than a policy is in force, the people whose acceptance was removed count as not having accepted it on the console. Their machines still know, and do not ask again.

## Every event and field

Every event says:

${table(
  ['field', 'what it says'],
  everyEventSays.map(([field, words]) => [`\`${field}\``, words]),
)}

${retentionCategory.options.map((one) => `### ${categoryWords[one].word}\n\n${table(['event', 'when', 'what it says besides'], eventRows(one))}`).join('\n\n')}

### Besides events

| what | why | removed |
| --- | --- | --- |
| people: sign-in name, printed name, last seen, newest acceptance | the list of people | when no record of them is left |
| role chosen at the newest acceptance; when they left, who said so, a note, and whether the account was seen since | who is asked for what; an account that should be closed is noticed | when no record of them is left |
| second signatures: state, who signed in which office and when, the reason for refusing | an acceptance counts once both have signed | with the acceptance |
| equipment they have, and when it came back | it is returned when they leave | when no record of them is left |
| who is signed in where | a second sign-in is noticed | at sign-out, or with the record it came from |
| insertions, devices, requests | the pages on devices | with the records they came from |
| permissions, notes on codes | to know who allowed what | as requests and permissions, counted from their end |
| what a machine last said about its protection and make | to keep it in repair; not personal | replaced by the next |
| forked records | evidence that a machine was copied or tampered with | their text as its category, from when they were found; their hashes stay |
| alerts: what happened, where, and who where the rule may name them; over which channel each went and whether it arrived | somebody is told in time | as the event they tell of, counted from the alert; digests and what is about Usher itself with the operation of Usher. Erasing a person takes their name out. What was sent is at its receiver |
| what was found about a machine, and IT’s notes on it | copies, set-backs and silence are followed up | with the condition of machines, counted from when it was resolved. Erasing a person takes their name out |
| audit trail of the console: who did what to whose record, when and why | accountability (article 5(2)) | kept; it cannot be changed |
| console accounts | signing in | when the account is removed |

## People's rights

- **To know.** "My record" on every computer shows a person what is recorded about them, why, and for how long.
- **Access** (article 15). Settings → Privacy → Everything about one person makes one .zip: \`everything.html\` to read and print, and CSV and JSON for programs, with verification codes for what they signed, the alerts and notes that name them, and every time their record was looked at. Names of colleagues are replaced. Check the archive before you hand it over: free text, such as a reason, may name others.
- **Erasure** (article 17). A decision with a reason, on the same page. What they accepted can be left for legal claims (article 17(3)(e)). It is refused while the person is on legal hold; records that a hold on a machine or school covers are left and counted. If the person signs in again, new records begin.
- **Rectification** (article 16). The record says what a machine saw and is not rewritten. Add a note where the school keeps its decisions; a wrong printed name is corrected by signing again.
- **Objection and restriction** (articles 18 and 21). A legal hold on the person keeps everything as it is while the question is open.

## Legal holds

A hold is on a person, a machine or a school, for all time or a range, with a reason, somebody who answers for it, and a day on which it is looked at again. What is held is not removed by retention or erasure. A hold counts from the moment it is placed until somebody ends it; past its day of review the overview says so.

## What removal does, and what stays

Removed: the text of the record, its salt, the account, the person, the summary and what is searched. Then every row in other tables that nothing else supports.

Kept: the type of the event, its day (not the time), when the server received it, its place in the machine's chain, and its hashes. Types and days are needed to count; hashes so that the proofs of everybody else's records still hold. Receipts carry the time they were given, because it is signed.

The hash of a removed record is over 16 random bytes and the text. Without those bytes the text cannot be guessed from the hash, even where there are few possibilities.

Chains, signatures, receipts and checkpoints verify as before: \`usher verify\` reports how many texts were removed and that the record is sound. A removed acceptance itself can no longer be shown: only that a record stood there.

Each removal is listed on the page with who decided it, why, how many of each category, the range, and a hash over all that was removed, and is an entry of the audit trail. It happens in small batches. A server that is stopped in the middle goes on where it was.

A machine keeps its own copy of what it recorded.

## On the disk, and in backups

On SQLite, freed space is overwritten with zeros (\`secure_delete\`), and the write-ahead log is written back and emptied when a removal ends. On PostgreSQL, old row versions are cleared by autovacuum; leave it switched on. To see them gone at once, run \`VACUUM records\`. Neither can promise what a file system or an SSD does beneath; use an encrypted disk.

A backup holds what was there when it was made. Let backups expire: a school that keeps backups for 30 days has removed data for at most 30 days longer. After restoring one, what was due goes again by itself with the next run; repeat erasures of single people from the list of removals, which is why the list names them by number and not by name.
`;
}
