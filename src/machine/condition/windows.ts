import { z } from 'zod';
import type { MachineCondition } from '../machine.ts';
import { runSystem } from '../run-system.ts';
import { daysSince } from './checks.ts';
import { inventoryOf } from './inventory.ts';
import { postureFromWindows, windowsAnswers } from './windows-answers.ts';

/** PowerShell alone needs seconds to start on an old disk; Windows Update's own list takes longer. */
const timeoutMs = 90_000;
const sidForm = /^S-1-[\d-]{1,180}$/;

/** One start of PowerShell asks everything, and prints it as JSON. `Online` false: what Windows Update found last. */
const postureScript = (sid: string | null): string => `
$ErrorActionPreference = 'SilentlyContinue'
$user = ${sid === null ? '$null' : `'Registry::HKEY_USERS\\${sid}'`}
function Setting($path, $name) { if ($path) { (Get-ItemProperty -LiteralPath $path -Name $name).$name } }
function UserSetting($name) {
  if (-not $user) { return $null }
  $forced = Setting "$user\\Software\\Policies\\Microsoft\\Windows\\Control Panel\\Desktop" $name
  if ($null -ne $forced) { $forced } else { Setting "$user\\Control Panel\\Desktop" $name }
}
$searcher = (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher()
$searcher.Online = $false
[ordered]@{
  encryption = (Get-CimInstance -Namespace root/CIMV2/Security/MicrosoftVolumeEncryption -ClassName Win32_EncryptableVolume -Filter "DriveLetter='$env:SystemDrive'").ProtectionStatus
  defender = Get-MpComputerStatus | Select-Object AntivirusEnabled, RealTimeProtectionEnabled, AntivirusSignatureAge
  antivirus = Get-CimInstance -Namespace root/SecurityCenter2 -ClassName AntiVirusProduct | Select-Object displayName, productState
  firewall = Get-NetFirewallProfile | Select-Object Name, @{ n = 'Enabled'; e = { [int]$_.Enabled } }
  updates = $searcher.Search('IsInstalled=0 and IsHidden=0').Updates.Count
  inactivity = Setting 'Registry::HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System' 'InactivityTimeoutSecs'
  saverActive = UserSetting 'ScreenSaveActive'
  saverSecure = UserSetting 'ScreenSaverIsSecure'
  saverTimeout = UserSetting 'ScreenSaveTimeOut'
} | ConvertTo-Json -Depth 3 -Compress`;

/** Local accounts first, then the domain's own record of the same SID. */
const passwordScript = (sid: string): string => `
$ErrorActionPreference = 'SilentlyContinue'
$set = (Get-LocalUser -SID '${sid}').PasswordLastSet
if (-not $set) {
  $entry = [adsi]'LDAP://<SID=${sid}>'
  if ($entry.pwdLastSet) { $set = [DateTime]::FromFileTimeUtc($entry.ConvertLargeIntegerToInt64($entry.pwdLastSet.Value)) }
}
@{ set = $(if ($set) { $set.ToUniversalTime().ToString('o') }) } | ConvertTo-Json -Compress`;

const passwordAnswer = z.object({ set: z.string().nullable() });

/** Runs a script of ours; the text goes in encoded, so that nothing in it meets a shell's quoting. */
async function powershell(script: string, run: typeof runSystem): Promise<unknown> {
  const encoded = Buffer.from(script, 'utf16le').toString('base64');
  const parameters = ['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-EncodedCommand', encoded];
  const printed = await run('powershell.exe', parameters, timeoutMs);
  try {
    return JSON.parse((printed ?? '').trim());
  } catch {
    return null;
  }
}

/** Written from Microsoft's documentation of each class; run on recorded answers only. */
export function windowsCondition(run: typeof runSystem = runSystem): MachineCondition {
  return {
    async posture(who) {
      const sid = who !== null && sidForm.test(who.accountId) ? who.accountId : null;
      const answers = windowsAnswers.safeParse(await powershell(postureScript(sid), run));
      return postureFromWindows(answers.success ? answers.data : null);
    },
    inventory: inventoryOf,
    async passwordAgeDays({ id }) {
      if (!sidForm.test(id)) return null;
      const answer = passwordAnswer.safeParse(await powershell(passwordScript(id), run));
      const setMs = answer.success ? Date.parse(answer.data.set ?? '') : Number.NaN;
      return Number.isNaN(setMs) ? null : daysSince(setMs, Date.now());
    },
  };
}
