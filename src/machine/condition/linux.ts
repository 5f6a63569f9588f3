import type { Posture, ScreenLockSetting } from '../../contract/machine-state.ts';
import type { MachineCondition, SessionProcess } from '../machine.ts';
import { runInSession } from '../run-in-session.ts';
import { runSystem } from '../run-system.ts';
import { named, screenLockAnswer } from './checks.ts';
import { inventoryOf } from './inventory.ts';
import {
  antivirusFromClamd,
  antivirusFromDefender,
  encryptionFromLsblk,
  firewallFrom,
  noAntivirus,
  noUpdateSource,
  passwordAgeFromShadow,
  screenLockFromGnome,
  screenLockFromKde,
  updatesFromApt,
  updatesFromDnf,
} from './linux-answers.ts';

/** Lists of packages take a while on a slow disk. */
const packagesTimeoutMs = 60_000;

type Run = (program: string, parameters: readonly string[], timeoutMs?: number) => Promise<string | null>;

export function linuxCondition(run: Run = runSystem, inSession = runInSession): MachineCondition {
  return {
    async posture(who): Promise<Posture> {
      const disks = await run('lsblk', ['--json', '--output', 'NAME,TYPE,MOUNTPOINTS']);
      const antivirus =
        antivirusFromClamd(await run('clamdscan', ['--version']), Date.now()) ??
        antivirusFromDefender(await run('mdatp', ['health', '--field', 'real_time_protection_enabled'])) ??
        noAntivirus;
      const updates =
        updatesFromApt(
          await run('apt-get', ['--simulate', '-o', 'Debug::NoLocking=true', 'upgrade'], packagesTimeoutMs),
        ) ??
        updatesFromDnf(await run('dnf', ['list', '--upgrades', '--quiet', '--cacheonly'], packagesTimeoutMs)) ??
        noUpdateSource;
      const [ufw, firewalld, nft] = await Promise.all([
        run('ufw', ['status']),
        run('firewall-cmd', ['--state']),
        run('nft', ['list', 'ruleset']),
      ]);
      const screenLock = who === null ? null : await screenLockOf(who, inSession);
      return {
        checks: [
          named('diskEncryption', encryptionFromLsblk(disks)),
          named('antivirus', antivirus),
          named('updates', updates),
          named('firewall', firewallFrom({ ufw, firewalld, nft })),
          named('screenLock', screenLockAnswer(screenLock)),
        ],
        screenLock,
      };
    },
    inventory: inventoryOf,
    async passwordAgeDays({ name }) {
      // A name that looks like an option is no sign-in name.
      return name.startsWith('-') ? null : passwordAgeFromShadow(await run('getent', ['shadow', name]), Date.now());
    },
  };
}

async function screenLockOf(who: SessionProcess, inSession: typeof runInSession): Promise<ScreenLockSetting | null> {
  const gnome = (schema: string, key: string) =>
    inSession('gsettings', ['get', `org.gnome.desktop.${schema}`, key], who);
  const desktop = who.environment['XDG_CURRENT_DESKTOP'] ?? '';
  if (/kde/i.test(desktop)) {
    const kde = (key: string) =>
      inSession('kreadconfig5', ['--file', 'kscreenlockerrc', '--group', 'Daemon', '--key', key], who);
    return screenLockFromKde({ autolock: await kde('Autolock'), timeout: await kde('Timeout') });
  }
  if (!/gnome|unity|cinnamon|budgie/i.test(desktop)) return null;
  const [idleDelay, lockEnabled, lockDelay] = await Promise.all([
    gnome('session', 'idle-delay'),
    gnome('screensaver', 'lock-enabled'),
    gnome('screensaver', 'lock-delay'),
  ]);
  return screenLockFromGnome({ idleDelay, lockEnabled, lockDelay });
}
