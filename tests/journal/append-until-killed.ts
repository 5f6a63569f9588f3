import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openJournal } from '../../src/journal/index.ts';

/** Appends, says the number of each record once it is durable, and is killed in the middle of its work. */
const { journal } = openJournal({
  folder: process.argv[2] ?? '',
  clock: { now: () => new Date(), uptimeMs: () => performance.now() },
  random: (bytes) => randomBytes(bytes),
});
setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300);
for (;;) {
  const record = journal.append({
    type: 'clock.moved',
    account: null,
    session: null,
    subject: null,
    rule: null,
    data: { bySeconds: 1 },
  });
  writeSync(1, `${record.seq}\n`);
  if (record.seq % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
}
