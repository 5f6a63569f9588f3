import { z } from 'zod';
import type { ScreenLockSetting } from '../../contract/machine-state.ts';
import { bad, daysSince, good, signaturesAnswer, unknown, updatesAnswer, type Answer } from './checks.ts';

interface BlockDevice {
  type?: string | null | undefined;
  mountpoints?: (string | null)[] | undefined;
  children?: BlockDevice[] | undefined;
}
const blockDevice: z.ZodType<BlockDevice> = z.object({
  type: z.string().nullish(),
  mountpoints: z.array(z.string().nullable()).optional(),
  get children() {
    return z.array(blockDevice).optional();
  },
});
const blockDevices = z.object({ blockdevices: z.array(blockDevice) });

/** From `lsblk --json --output NAME,TYPE,MOUNTPOINTS` (lsblk(8)): is there an encrypted layer under `/`? */
export function encryptionFromLsblk(printed: string | null): Answer {
  const parsed = blockDevices.safeParse(jsonOf(printed));
  if (!parsed.success) return unknown('lsblk did not say what the system is installed on.');
  const underRoot = (devices: readonly BlockDevice[], encrypted: boolean): boolean | null => {
    for (const device of devices) {
      const here = encrypted || device.type === 'crypt';
      if (device.mountpoints?.includes('/') === true) return here;
      const below = underRoot(device.children ?? [], here);
      if (below !== null) return below;
    }
    return null;
  };
  const encrypted = underRoot(parsed.data.blockdevices, false);
  if (encrypted === null) return unknown('The system is not on a disk of this machine.');
  return encrypted
    ? good('The disk the system is on is encrypted (LUKS).')
    : bad('The disk the system is on is not encrypted; install the system again with encryption (LUKS).');
}

/** From `clamdscan --version`: `ClamAV 1.0.7/27440/Tue Oct 29 09:34:15 2024`, the last part being the signatures' date. */
export function antivirusFromClamd(printed: string | null, nowMs: number): Answer | null {
  const found = /^ClamAV [^/]+\/\d+\/\w{3} (\w{3} +\d+ [\d:]+ \d{4})/m.exec(printed ?? '');
  if (found === null) return null;
  const signatures = Date.parse(`${found[1] ?? ''} UTC`);
  return Number.isNaN(signatures) ? null : signaturesAnswer('ClamAV', daysSince(signatures, nowMs));
}

/** From `mdatp health --field real_time_protection_enabled` (Microsoft Defender for Endpoint on Linux). */
export function antivirusFromDefender(printed: string | null): Answer | null {
  const word = (printed ?? '').trim();
  if (word.startsWith('true')) return good('Microsoft Defender runs with real-time protection.');
  if (word.startsWith('false')) {
    return bad('Microsoft Defender is installed, but real-time protection is off; switch it on.');
  }
  return null;
}

export const noAntivirus = bad('No virus scanner answers (looked for ClamAV and Microsoft Defender); install one.');

/** From `apt-get --simulate upgrade` (apt-get(8)): one `Inst` line for each package that would be upgraded. */
export function updatesFromApt(printed: string | null): Answer | null {
  return printed === null ? null : updatesAnswer([...printed.matchAll(/^Inst /gm)].length);
}

/** From `dnf list --upgrades --quiet --cacheonly`: a heading, then `name.arch version repository`. */
export function updatesFromDnf(printed: string | null): Answer | null {
  if (printed === null) return null;
  return updatesAnswer([...printed.matchAll(/^\S+\.\S+\s+\S+\s+\S+\s*$/gm)].length);
}

export const noUpdateSource = unknown('Neither apt nor dnf says whether updates are waiting.');

/** From `ufw status`, `firewall-cmd --state` and `nft list ruleset`, each null where the program is missing or refused. */
export function firewallFrom(printed: { ufw: string | null; firewalld: string | null; nft: string | null }): Answer {
  if (/^Status: active/m.test(printed.ufw ?? '')) return good('The firewall is on (ufw).');
  if ((printed.firewalld ?? '').trim() === 'running') return good('The firewall is on (firewalld).');
  if (printed.nft !== null && /hook input[^}]*?(policy drop|\b(drop|reject)\b)/s.test(printed.nft)) {
    return good('The firewall is on (nftables).');
  }
  if (printed.ufw === null && printed.firewalld === null && printed.nft === null) {
    return unknown('No firewall program answers (looked for ufw, firewalld and nftables).');
  }
  return bad('No firewall filters what comes in; switch ufw or firewalld on.');
}

/** GNOME's settings, as `gsettings get` prints them; null where GNOME is not there. */
export function screenLockFromGnome(printed: {
  idleDelay: string | null;
  lockEnabled: string | null;
  lockDelay: string | null;
}): ScreenLockSetting | null {
  const idle = seconds(printed.idleDelay);
  if (idle === null) return null;
  const source = 'org.gnome.desktop.session idle-delay';
  if (printed.lockEnabled?.trim() === 'false') {
    return { afterSeconds: null, source: 'org.gnome.desktop.screensaver lock-enabled' };
  }
  return { afterSeconds: idle === 0 ? null : idle + (seconds(printed.lockDelay) ?? 0), source };
}

/** KDE's settings, as `kreadconfig5` prints them, with its defaults of 5 minutes and on. */
export function screenLockFromKde(printed: {
  autolock: string | null;
  timeout: string | null;
}): ScreenLockSetting | null {
  if (printed.autolock === null || printed.timeout === null) return null;
  const minutes = Number.parseInt(printed.timeout.trim() || '5', 10);
  const on = printed.autolock.trim() !== 'false' && minutes > 0;
  return { afterSeconds: on ? minutes * 60 : null, source: 'kscreenlockerrc [Daemon]' };
}

/**
 * From `getent shadow NAME` (shadow(5)): the third field is the day of the last change, counted from 1970; 0 means that
 * the next sign-in asks for a new one.
 */
export function passwordAgeFromShadow(printed: string | null, nowMs: number): number | null {
  const changed = Number.parseInt((printed ?? '').trim().split(':')[2] ?? '', 10);
  return Number.isNaN(changed) || changed <= 0 ? null : daysSince(changed * 24 * 60 * 60_000, nowMs);
}

const seconds = (printed: string | null): number | null => {
  const found = /(\d+)\s*$/.exec((printed ?? '').trim());
  return found === null ? null : Number(found[1]);
};

function jsonOf(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}
