import type { SharedAccountsRule } from '../contract/policy-rules.ts';

/** Is this sign-in name one that several people use, so that each has to say who they are? */
export function isSharedAccount(rule: SharedAccountsRule | undefined, accountName: string): boolean {
  return rule?.accounts.some((pattern) => fits(pattern.toLowerCase(), accountName.toLowerCase())) ?? false;
}

/** `*` stands for any characters, none included. Takes time in proportion to both lengths, whatever the pattern. */
function fits(pattern: string, name: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < name.length) {
    if (pattern[place] === '*') {
      star = place;
      resumeAt = at;
      place += 1;
    } else if (pattern[place] === name[at]) {
      place += 1;
      at += 1;
    } else if (star >= 0) {
      place = star + 1;
      resumeAt += 1;
      at = resumeAt;
    } else return false;
  }
  while (pattern[place] === '*') place += 1;
  return place === pattern.length;
}
