import { describe, expect, test } from 'vitest';
import { inventory, posture, type Posture } from '../../src/contract/machine-state.ts';
import { linuxCondition } from '../../src/machine/condition/linux.ts';
import { macCondition } from '../../src/machine/condition/macos.ts';
import { windowsCondition } from '../../src/machine/condition/windows.ts';

type Answers = Record<string, string>;
/** Answers by the program and how its parameters begin; anything else is not installed. */
const printing =
  (answers: Answers, asked: string[] = []) =>
  (program: string, parameters: readonly string[]): Promise<string | null> => {
    const line = [program, ...parameters].join(' ');
    asked.push(line);
    const key = Object.keys(answers).find((start) => line.startsWith(start));
    return Promise.resolve(key === undefined ? null : (answers[key] ?? null));
  };
const states = ({ checks }: Posture) => Object.fromEntries(checks.map(({ name, state }) => [name, state]));
const details = ({ checks }: Posture) => Object.fromEntries(checks.map(({ name, detail }) => [name, detail]));
const who = (desktop: string) => ({ processId: 1, accountId: '1000', environment: { XDG_CURRENT_DESKTOP: desktop } });
const clamdOf = (daysAgo: number) =>
  new Date(Date.now() - daysAgo * 86_400_000 - 3_600_000)
    .toUTCString()
    .replace(/(\w{3}), (\d+) (\w{3}) (\d{4}) ([\d:]+) GMT/, 'ClamAV 1.0.7/27440/$1 $3 $2 $5 $4\n');

/** As printed by Debian 12 with LUKS, Fedora 40 and Ubuntu 24.04. */
const encrypted = JSON.stringify({
  blockdevices: [
    {
      name: 'nvme0n1',
      type: 'disk',
      mountpoints: [null],
      children: [
        { name: 'nvme0n1p1', type: 'part', mountpoints: ['/boot'] },
        {
          name: 'nvme0n1p3',
          type: 'part',
          mountpoints: [null],
          children: [
            {
              name: 'luks-1',
              type: 'crypt',
              mountpoints: [null],
              children: [{ name: 'vg-root', type: 'lvm', mountpoints: ['/'] }],
            },
          ],
        },
      ],
    },
  ],
});

describe('Linux', () => {
  test('a machine as it should be', async () => {
    const found = await linuxCondition(
      printing({
        lsblk: encrypted,
        'clamdscan --version': clamdOf(2),
        'apt-get --simulate': 'Reading package lists...\n0 upgraded, 0 newly installed, 0 to remove\n',
        'ufw status': 'Status: active\n',
      }),
      printing({
        'gsettings get org.gnome.desktop.session idle-delay': 'uint32 600\n',
        'gsettings get org.gnome.desktop.screensaver lock-enabled': 'true\n',
        'gsettings get org.gnome.desktop.screensaver lock-delay': 'uint32 30\n',
      }),
    ).posture(who('ubuntu:GNOME'));
    expect(posture.parse(found).screenLock).toEqual({
      afterSeconds: 630,
      source: 'org.gnome.desktop.session idle-delay',
    });
    expect(Object.values(states(found))).toEqual(['good', 'good', 'good', 'good', 'good']);
    expect(details(found)['antivirus']).toBe('ClamAV runs; its signatures are 2 days old.');
  });

  test('what is wrong is said with what to do; nothing is said of what nobody told', async () => {
    const found = await linuxCondition(
      printing({
        lsblk: encrypted.replace('crypt', 'part'),
        'clamdscan --version': clamdOf(30),
        'dnf list': 'Available Upgrades\nkernel.x86_64   6.9.4-200.fc40   updates\nvim-minimal.x86_64  2:9.1 updates\n',
        'firewall-cmd': 'not running\n',
      }),
      printing({ 'kreadconfig5 --file kscreenlockerrc --group Daemon --key Autolock': 'false\n', kreadconfig5: '5\n' }),
    ).posture(who('KDE'));
    expect(states(found)).toEqual({
      diskEncryption: 'bad',
      antivirus: 'bad',
      updates: 'bad',
      firewall: 'bad',
      screenLock: 'bad',
    });
    expect(details(found)).toMatchObject({
      antivirus: 'ClamAV runs, but its signatures are 30 days old; find out why it does not update.',
      updates: '2 updates are waiting; install them when nobody is at the machine.',
    });
    const silent = await linuxCondition(printing({}), printing({})).posture(null);
    expect(states(silent)).toMatchObject({ diskEncryption: 'unknown', updates: 'unknown', firewall: 'unknown' });
  });

  test('a firewall by nftables alone counts when its input is filtered', async () => {
    const rules = (policy: string) =>
      `table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy ${policy};\n\t}\n}\n`;
    const of = async (nft: string) =>
      states(await linuxCondition(printing({ 'nft list': nft }), printing({})).posture(null))['firewall'];
    expect(await of(rules('drop'))).toBe('good');
    expect(await of(rules('accept'))).toBe('bad');
    expect(await of('')).toBe('bad');
  });

  test('the age of a password is the directory’s third field; a name that looks like an option is never asked for', async () => {
    const asked: string[] = [];
    const day = Math.floor(Date.now() / 86_400_000) - 91;
    const condition = linuxCondition(printing({ 'getent shadow robin': `robin:$y$j9T:${day}:0:99999:7:::\n` }, asked));
    expect(await condition.passwordAgeDays({ id: '1000', name: 'robin' })).toBe(91);
    expect(await condition.passwordAgeDays({ id: '1000', name: '--service=x' })).toBeNull();
    expect(await condition.passwordAgeDays({ id: '1001', name: 'kim' })).toBeNull();
    expect(asked).toEqual(['getent shadow robin', 'getent shadow kim']);
  });

  test('this very machine answers in the agreed form', async () => {
    const here = linuxCondition();
    expect(posture.parse(await here.posture(null)).checks).toHaveLength(5);
    expect(inventory.parse(await here.inventory()).memoryMiB).toBeGreaterThan(100);
  }, 90_000);
});

describe('Windows, from recorded answers', () => {
  const answer = (value: unknown) => printing({ 'powershell.exe': JSON.stringify(value) });
  const good = {
    encryption: 1,
    defender: { AntivirusEnabled: true, RealTimeProtectionEnabled: true, AntivirusSignatureAge: 1 },
    antivirus: { displayName: 'Windows Defender', productState: 397568 },
    firewall: [
      { Name: 'Domain', Enabled: 1 },
      { Name: 'Public', Enabled: 1 },
    ],
    updates: 0,
    inactivity: 900,
    saverActive: '1',
    saverSecure: '0',
    saverTimeout: '600',
  };
  test('a machine as it should be', async () => {
    const found = await windowsCondition(answer(good)).posture({
      processId: 4,
      accountId: 'S-1-5-21-7-1001',
      environment: {},
    });
    expect(Object.values(states(found))).toEqual(['good', 'good', 'good', 'good', 'good']);
    expect(found.screenLock?.afterSeconds).toBe(900);
  });

  test('what is off is named; another scanner that is on counts, one that is out of date does not', async () => {
    const of = async (change: object) => windowsCondition(answer({ ...good, ...change })).posture(null);
    const found = await of({
      encryption: 0,
      firewall: { Name: 'Public', Enabled: 0 },
      updates: 3,
      inactivity: null,
      antivirus: [{ displayName: 'Other Scanner', productState: 0x41000 }],
    });
    expect(details(found)).toMatchObject({
      antivirus: 'Other Scanner runs and is up to date.',
      firewall: 'Windows Firewall is off for the profile Public; switch it on.',
      screenLock: "The system's own screen lock is off (the screen saver settings); switch it on.",
    });
    expect(states(found)).toMatchObject({
      diskEncryption: 'bad',
      antivirus: 'good',
      updates: 'bad',
      screenLock: 'bad',
    });
    const old = await of({ antivirus: [{ displayName: 'Other Scanner', productState: 0x41010 }] });
    expect(states(old)['antivirus']).toBe('bad');
  });

  test('no answer, or one in another form, is unknown and not bad', async () => {
    for (const run of [printing({}), printing({ 'powershell.exe': 'Access denied' }), answer({ encryption: 'yes' })]) {
      expect(new Set(Object.values(states(await windowsCondition(run).posture(null))))).toEqual(new Set(['unknown']));
    }
  });

  test('the age of a password; a SID that is none is not asked for', async () => {
    const set = new Date(Date.now() - 40.5 * 86_400_000).toISOString();
    const asked: string[] = [];
    const condition = windowsCondition(printing({ 'powershell.exe': JSON.stringify({ set }) }, asked));
    expect(await condition.passwordAgeDays({ id: 'S-1-5-21-7-1001', name: 'robin' })).toBe(40);
    expect(await condition.passwordAgeDays({ id: "S-1'; exit", name: 'robin' })).toBeNull();
    expect(asked).toHaveLength(1);
  });
});

describe('macOS, from recorded answers', () => {
  test('a machine as it should be, and one that is not', async () => {
    const good = await macCondition(
      printing({
        '/usr/bin/fdesetup': 'FileVault is On.\n',
        '/usr/libexec/ApplicationFirewall/socketfilterfw': 'Firewall is enabled. (State = 1) \n',
        '/usr/bin/xprotect': 'XProtect launch scans: enabled\nXProtect background scans: enabled\n',
        '/usr/bin/defaults read /Library': '0\n',
      }),
      printing({
        '/usr/bin/defaults': '300\n',
        '/bin/sh': '2026-11-23 09:12:44.120 sysadminctl[611:1] screenLock delay is 5 seconds\n',
      }),
    ).posture(who(''));
    expect(Object.values(states(good))).toEqual(['good', 'good', 'good', 'good', 'good']);
    expect(good.screenLock?.afterSeconds).toBe(305);
    const bad = await macCondition(
      printing({
        '/usr/bin/fdesetup': 'FileVault is Off.\n',
        '/usr/libexec/ApplicationFirewall/socketfilterfw': 'Firewall is disabled. (State = 0) \n',
        '/usr/bin/defaults read /Library': '4\n',
      }),
      printing({ '/bin/sh': 'sysadminctl[611:1] screenLock is off\n' }),
    ).posture(who(''));
    expect(states(bad)).toEqual({
      diskEncryption: 'bad',
      antivirus: 'unknown',
      updates: 'bad',
      firewall: 'bad',
      screenLock: 'bad',
    });
  });

  test('the age of a password comes from the directory', async () => {
    const set = Date.now() / 1_000 - 12.5 * 86_400;
    const plist = `accountPolicyData:\n <plist><dict>\n<key>failedLoginCount</key>\n<integer>0</integer>\n<key>passwordLastSetTime</key>\n<real>${set}</real></dict></plist>`;
    const condition = macCondition(printing({ '/usr/bin/dscl': plist }), printing({}));
    expect(await condition.passwordAgeDays({ id: '501', name: 'robin' })).toBe(12);
  });
});
