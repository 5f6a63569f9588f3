import chromium, { inflate } from '@sparticuz/chromium';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// The package unpacks into os.tmpdir(); the parent points that (TMPDIR) at the folder it wants.
const bin = join(dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'))), 'bin');
await Promise.all([chromium.executablePath(), inflate(join(bin, 'al2023.tar.br'))]);
