import { join } from 'node:path';
import { randomSecret, secretFile } from './secret-file.ts';

/** The secret with which session cookies are signed: `session-secret`, made at the first start. */
export const sessionSecret = (folder: string): string => secretFile(join(folder, 'session-secret'), randomSecret);
