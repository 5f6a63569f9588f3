/** One line of passwd(5): `name:password:uid:gid:full name and more:home:shell`. */
export interface PasswordEntry {
  name: string;
  fullName: string;
}

/** Reads the account with this uid out of passwd(5) lines; null when it is not there. `fullNameAt` is the GECOS column. */
export function passwordEntry(text: string, uid: number, fullNameAt = 4): PasswordEntry | null {
  for (const line of text.split('\n')) {
    const parts = line.split(':');
    const name = parts[0];
    if (name === undefined || name === '' || parts[2] !== String(uid)) continue;
    const fullName = (parts[fullNameAt] ?? '').split(',')[0]?.trim() ?? '';
    return { name, fullName: fullName === '' ? name : fullName };
  }
  return null;
}
