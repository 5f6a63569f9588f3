import { z } from 'zod';

/** Windows a person can ask for on the command line or in the tray. */
export const openableWindow = z.enum(['policy', 'receipts', 'about']);
export type OpenableWindow = z.infer<typeof openableWindow>;

const prefix = '--open=';

/** Which window a second start of the shell asks for (`--open=policy`); null when none, or one that does not exist. */
export function windowToOpen(argv: readonly string[]): OpenableWindow | null {
  const given = argv.find((argument) => argument.startsWith(prefix))?.slice(prefix.length);
  const parsed = openableWindow.safeParse(given);
  return parsed.success ? parsed.data : null;
}
