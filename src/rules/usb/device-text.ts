/** Everything a screen or a log must not be given: control and format characters, private use, unassigned, line breaks. */
const notPrinted = /[\p{C}\p{Zl}\p{Zp}]/gu;
const mostCharacters = 100;

/** What a device says of itself, fit to be shown; null where nothing is left. */
export function deviceText(said: string | null): string | null {
  if (said === null) return null;
  const clean = said.slice(0, 2_000).normalize('NFC').replace(notPrinted, ' ').replace(/\s+/gu, ' ').trim();
  return clean === '' ? null : [...clean].slice(0, mostCharacters).join('').trim();
}

/** Does a serial tell one device from another? Makers that do not care write nothing, zeros, or the digits in a row. */
export function serialIdentifies(serial: string | null): boolean {
  if (serial === null || serial.length < 4) return false;
  if (new Set(serial.toLowerCase()).size === 1) return false;
  return !'0123456789abcdef0123456789'.includes(serial.toLowerCase());
}

/** Names a device among all: maker, product, and serial where that identifies. */
export function deviceKey(device: { vendorId: string; productId: string; serial: string | null }): string {
  const { vendorId, productId, serial } = device;
  return serialIdentifies(serial) ? `${vendorId}:${productId}:${serial}` : `${vendorId}:${productId}`;
}
