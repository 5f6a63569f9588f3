import { accepted, refused, type Outcome } from '../contract/problem.ts';

/** Text of a file, and what had to be guessed to read it. */
export interface DecodedText {
  readonly text: string;
  readonly warnings: readonly string[];
}

const shareOfControls = 0.01;

/**
 * Reads bytes as text: UTF-8, UTF-16 with its byte order mark (https://encoding.spec.whatwg.org/#bom-sniff),
 * or else Windows-1252 with a warning. Bytes that are no text are refused.
 */
export function decodeText(bytes: Uint8Array): Outcome<DecodedText> {
  const starts = (...signature: number[]) => signature.every((byte, index) => bytes[index] === byte);
  if (starts(0x25, 0x50, 0x44, 0x46))
    return refused('import.notText', 'This is a PDF. Give its name the ending .pdf and import that.');
  if (starts(0x50, 0x4b, 0x03, 0x04))
    return refused(
      'import.notText',
      'This is not a text file. If it is a Word document, give its name the ending .docx.',
    );
  if (starts(0xff, 0xfe)) return checked(new TextDecoder('utf-16le').decode(bytes), []);
  if (starts(0xfe, 0xff)) return checked(new TextDecoder('utf-16be').decode(bytes), []);
  try {
    return checked(new TextDecoder('utf-8', { fatal: true }).decode(bytes), []);
  } catch {
    return checked(new TextDecoder('windows-1252').decode(bytes), [
      'The file is not in UTF-8, so it was read as Windows-1252. Check apostrophes, dashes and accents.',
    ]);
  }
}

function checked(text: string, warnings: readonly string[]): Outcome<DecodedText> {
  const controls = text.match(/[\u0000-\u0008\u000e-\u001f\u007f\ufffd]/gu)?.length ?? 0;
  if (text.includes('\0') || controls > 2 + text.length * shareOfControls)
    return refused(
      'import.notText',
      'The file does not hold text. Save the policy as .docx, .md or .txt and import that.',
    );
  if (controls === 0) return accepted({ text, warnings });
  return accepted({
    text,
    warnings: [
      ...warnings,
      `The file holds ${controls} control characters that are no text. They were read as spaces.`,
    ],
  });
}
