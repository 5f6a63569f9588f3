import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { format } from 'prettier';
import { privacyPage } from '../src/server/privacy/privacy-page.ts';

// Writes docs/privacy.md; tests/server/privacy-page.test.ts says when that is due.
writeFileSync(
  resolve(import.meta.dirname, '../docs/privacy.md'),
  await format(privacyPage(), { parser: 'markdown', printWidth: 120 }),
);
