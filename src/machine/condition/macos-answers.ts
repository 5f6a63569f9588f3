import type { ScreenLockSetting } from '../../contract/machine-state.ts';
import { bad, daysSince, good, unknown, updatesAnswer, type Answer } from './checks.ts';

/** From `fdesetup status`: `FileVault is On.` */
export function encryptionFromFileVault(printed: string | null): Answer {
  if (/FileVault is On/.test(printed ?? '')) return good('The disk is encrypted (FileVault).');
  if (/FileVault is Off/.test(printed ?? '')) {
    return bad('FileVault is off; switch it on and keep the recovery key safe.');
  }
  return unknown('macOS does not say whether FileVault is on.');
}

/** From `socketfilterfw --getglobalstate`: `Firewall is enabled. (State = 1)` */
export function firewallFromSocketFilter(printed: string | null): Answer {
  const state = /State = (\d)/.exec(printed ?? '')?.[1];
  if (state === undefined) return unknown('macOS does not say whether its firewall is on.');
  return state === '0' ? bad('The firewall is off; switch it on in System Settings.') : good('The firewall is on.');
}

/** From `xprotect status` (macOS 15 and later): `XProtect launch scans: enabled` and the same for background scans. */
export function antivirusFromXprotect(printed: string | null): Answer {
  const states = [...(printed ?? '').matchAll(/scans: (enabled|disabled)/g)].map(([, state]) => state);
  if (states.length === 0) return unknown('macOS does not say whether XProtect scans.');
  return states.includes('disabled')
    ? bad('XProtect does not scan; find out which profile switched it off.')
    : good('XProtect scans programs when they start and in the background.');
}

/** From `defaults read /Library/Preferences/com.apple.SoftwareUpdate LastUpdatesAvailable`: a number. */
export function updatesFromSoftwareUpdate(printed: string | null): Answer {
  const waiting = Number.parseInt((printed ?? '').trim(), 10);
  return Number.isNaN(waiting) ? unknown('Software Update did not answer.') : updatesAnswer(waiting);
}

/**
 * The screen saver's idle time (`defaults -currentHost read com.apple.screensaver idleTime`, seconds) plus the delay
 * until a password is asked for (`sysadminctl -screenLock status`: off, immediate or a number of seconds).
 */
export function screenLockFromMac(printed: {
  idleTime: string | null;
  delay: string | null;
}): ScreenLockSetting | null {
  const line = printed.delay ?? '';
  const source = 'Lock Screen in System Settings';
  if (/screenLock is off/i.test(line)) return { afterSeconds: null, source };
  const delay = /immediate/i.test(line) ? 0 : Number.parseInt(/delay is (\d+)/i.exec(line)?.[1] ?? '', 10);
  if (Number.isNaN(delay)) return null;
  const idle = Number.parseInt((printed.idleTime ?? '').trim(), 10);
  if (Number.isNaN(idle)) return null;
  return { afterSeconds: idle === 0 ? null : idle + delay, source };
}

/** From `dscl . -read /Users/NAME accountPolicyData`: a property list with `passwordLastSetTime`, seconds since 1970. */
export function passwordAgeFromDirectory(printed: string | null, nowMs: number): number | null {
  const set = /<key>passwordLastSetTime<\/key>\s*<(?:real|integer)>([\d.]+)</.exec(printed ?? '')?.[1];
  return set === undefined ? null : daysSince(Number(set) * 1_000, nowMs);
}
