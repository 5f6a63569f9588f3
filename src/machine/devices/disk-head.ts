/** How much of a disk or part has to be read to tell. */
export const encryptionHeadBytes = 512;

/** LUKS1 and LUKS2 headers begin so (cryptsetup, docs/on-disk-format-luks2.pdf, 2.1). */
const luks = [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe];
/** A BitLocker volume's boot sector names it at offset 3 (`-FVE-FS-`); BitLocker To Go shows `MSWIN4.1` and its GUID. */
const bitLocker = Buffer.from('-FVE-FS-', 'latin1');
const bitLockerToGo = Buffer.from('3bd66749292ed84a8399f6a339e3d001', 'hex');
const bitLockerToGoOffset = 0x1a8;

/**
 * Is there an encrypted volume, and none that is not? Disks that are divided begin with a table of their parts, which says
 * nothing; each part is looked at.
 * @param heads the first bytes of the disk, then of each part.
 */
export function encryptedBy([disk, ...parts]: readonly Uint8Array[]): boolean {
  if (disk === undefined) return false;
  const volumes = parts.length > 0 ? parts : [disk];
  return volumes.every(isEncrypted);
}

function isEncrypted(head: Uint8Array): boolean {
  const bytes = Buffer.from(head);
  if (luks.every((byte, place) => bytes[place] === byte)) return true;
  if (bytes.subarray(3, 11).equals(bitLocker)) return true;
  return bytes.subarray(bitLockerToGoOffset, bitLockerToGoOffset + bitLockerToGo.length).equals(bitLockerToGo);
}
