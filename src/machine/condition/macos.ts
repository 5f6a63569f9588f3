import type { MachineCondition } from '../machine.ts';
import { runInSession } from '../run-in-session.ts';
import { runSystem } from '../run-system.ts';
import { named, screenLockAnswer } from './checks.ts';
import { inventoryOf } from './inventory.ts';
import {
  antivirusFromXprotect,
  encryptionFromFileVault,
  firewallFromSocketFilter,
  passwordAgeFromDirectory,
  screenLockFromMac,
  updatesFromSoftwareUpdate,
} from './macos-answers.ts';

/** Written from Apple's manual pages; run on recorded answers only. */
export function macCondition(run: typeof runSystem = runSystem, inSession = runInSession): MachineCondition {
  return {
    async posture(who) {
      const [fileVault, firewall, xprotect, updates] = await Promise.all([
        run('/usr/bin/fdesetup', ['status']),
        run('/usr/libexec/ApplicationFirewall/socketfilterfw', ['--getglobalstate']),
        run('/usr/bin/xprotect', ['status']),
        run('/usr/bin/defaults', ['read', '/Library/Preferences/com.apple.SoftwareUpdate', 'LastUpdatesAvailable']),
      ]);
      const screenLock =
        who === null
          ? null
          : screenLockFromMac({
              idleTime: await inSession(
                '/usr/bin/defaults',
                ['-currentHost', 'read', 'com.apple.screensaver', 'idleTime'],
                who,
              ),
              // sysadminctl answers on its error output.
              delay: await inSession('/bin/sh', ['-c', '/usr/sbin/sysadminctl -screenLock status 2>&1'], who),
            });
      return {
        checks: [
          named('diskEncryption', encryptionFromFileVault(fileVault)),
          named('antivirus', antivirusFromXprotect(xprotect)),
          named('updates', updatesFromSoftwareUpdate(updates)),
          named('firewall', firewallFromSocketFilter(firewall)),
          named('screenLock', screenLockAnswer(screenLock)),
        ],
        screenLock,
      };
    },
    inventory: inventoryOf,
    async passwordAgeDays({ name }) {
      const printed = await run('/usr/bin/dscl', ['.', '-read', `/Users/${name}`, 'accountPolicyData']);
      return passwordAgeFromDirectory(printed, Date.now());
    },
  };
}
