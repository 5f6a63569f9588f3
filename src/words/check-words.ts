import type { PostureCheckName } from '../contract/policy-rules.ts';

/** What a check of how a machine is protected is called within a sentence. */
export const checkWords: Record<PostureCheckName, string> = {
  diskEncryption: 'disk encryption',
  antivirus: 'antivirus',
  updates: 'updates',
  firewall: 'firewall',
  screenLock: 'the system’s own screen lock',
};

/** The same at the beginning of a line. */
export const checkName = (check: PostureCheckName): string =>
  checkWords[check].charAt(0).toUpperCase() + checkWords[check].slice(1);
