import { z } from 'zod';
import type { ScreenLockSetting } from '../../contract/machine-state.ts';
import { bad, good, screenLockAnswer, signaturesAnswer, named, unknown, updatesAnswer, type Answer } from './checks.ts';
import type { Posture } from '../../contract/machine-state.ts';

const flag = z.union([z.boolean(), z.number().transform((value) => value !== 0)]);
/** ConvertTo-Json writes a list of one as the thing itself. */
const listOf = <T extends z.ZodType>(item: T) => z.union([z.array(item), item.transform((one) => [one])]).nullish();
const text = z.union([z.string(), z.number().transform(String)]).nullish();

/** What `postureScript` prints; a part is null where Windows does not answer. Nothing in it depends on the language. */
export const windowsAnswers = z.object({
  /** Win32_EncryptableVolume.ProtectionStatus of the system volume: 0 off, 1 on, 2 not known. */
  encryption: z.number().nullish(),
  defender: z
    .object({
      AntivirusEnabled: flag.nullish(),
      RealTimeProtectionEnabled: flag.nullish(),
      AntivirusSignatureAge: z.number().nullish(),
    })
    .nullish(),
  /** SecurityCenter2's products; not there on Windows Server. */
  antivirus: listOf(z.object({ displayName: z.string(), productState: z.number() })),
  firewall: listOf(z.object({ Name: z.string(), Enabled: flag })),
  updates: z.number().nullish(),
  inactivity: text,
  saverActive: text,
  saverSecure: text,
  saverTimeout: text,
});
export type WindowsAnswers = z.infer<typeof windowsAnswers>;

export function postureFromWindows(answers: WindowsAnswers | null): Posture {
  if (answers === null) {
    const nothing = unknown('Windows PowerShell did not answer.');
    const names = ['diskEncryption', 'antivirus', 'updates', 'firewall', 'screenLock'] as const;
    return { checks: names.map((name) => named(name, nothing)), screenLock: null };
  }
  const screenLock = screenLockFromWindows(answers);
  return {
    checks: [
      named('diskEncryption', encryption(answers)),
      named('antivirus', antivirus(answers)),
      named(
        'updates',
        typeof answers.updates !== 'number'
          ? unknown('Windows Update did not answer.')
          : updatesAnswer(answers.updates),
      ),
      named('firewall', firewall(answers)),
      named('screenLock', screenLockAnswer(screenLock)),
    ],
    screenLock,
  };
}

function encryption({ encryption: status }: WindowsAnswers): Answer {
  if (status === 1) return good('The system drive is protected by BitLocker.');
  if (status === 0) return bad('BitLocker is off for the system drive; switch it on and keep the recovery key safe.');
  return unknown('Windows does not say whether the system drive is encrypted.');
}

/** `productState` is three bytes; the middle one says 0x10 or 0x11 when scanning is on, the last 0x00 when up to date. */
function antivirus({ defender, antivirus: products }: WindowsAnswers): Answer {
  const others = (products ?? []).filter(({ displayName }) => !/defender/i.test(displayName));
  const running = others.find(({ productState }) => (productState & 0xf000) === 0x1000);
  if (running !== undefined) {
    return (running.productState & 0xff) === 0
      ? good(`${running.displayName} runs and is up to date.`)
      : bad(`${running.displayName} runs, but is out of date; find out why it does not update.`);
  }
  if (defender?.AntivirusEnabled === true) {
    if (defender.RealTimeProtectionEnabled === false) {
      return bad('Microsoft Defender is on, but real-time protection is off; switch it on.');
    }
    return signaturesAnswer('Microsoft Defender', defender.AntivirusSignatureAge ?? 0);
  }
  return (defender ?? products ?? null) === null
    ? unknown('Windows does not say whether a virus scanner runs.')
    : bad('No virus scanner runs; switch Microsoft Defender on or install one.');
}

function firewall({ firewall: profiles }: WindowsAnswers): Answer {
  if ((profiles ?? []).length === 0) return unknown('Windows does not say whether its firewall is on.');
  const off = (profiles ?? []).filter(({ Enabled }) => !Enabled).map(({ Name }) => Name);
  return off.length === 0
    ? good('Windows Firewall is on for every network profile.')
    : bad(`Windows Firewall is off for the profile ${off.join(', ')}; switch it on.`);
}

/** The machine's inactivity limit comes first, then the person's screen saver with "on resume, show the sign-in screen". */
export function screenLockFromWindows(answers: WindowsAnswers): ScreenLockSetting | null {
  const seconds = (value: string | null | undefined): number | null => {
    const found = Number.parseInt(value ?? '', 10);
    return Number.isNaN(found) ? null : found;
  };
  const limit = seconds(answers.inactivity);
  if (limit !== null && limit > 0)
    return { afterSeconds: limit, source: 'Interactive logon: Machine inactivity limit' };
  if ((answers.saverActive ?? answers.saverSecure ?? null) === null) return null;
  const source = 'the screen saver settings';
  const after = seconds(answers.saverTimeout);
  const on = answers.saverActive === '1' && answers.saverSecure === '1' && after !== null && after > 0;
  return { afterSeconds: on ? after : null, source };
}
