import { deflateSync } from 'node:zlib';

/** A stretch of text placed on a page, from its top left corner, in points. */
export interface PlacedText {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly size?: number;
  readonly bold?: boolean;
}

export interface PdfFileOptions {
  /** Locked with a password nobody knows. */
  readonly locked?: boolean;
  /** A further stream that inflates to so many bytes. */
  readonly bombBytes?: number;
}

const page = { width: 595, height: 842 } as const;
const escaped = (text: string) => text.replace(/[\\()]/gu, (character) => `\\${character}`);

/** An untagged PDF with text drawn in the order given, as no writer of ours would make it. Latin letters only. */
export function pdfFile(pages: readonly (readonly PlacedText[])[], options: PdfFileOptions = {}): Buffer {
  const objects: string[] = [];
  const add = (body: string) => objects.push(body);
  const kids = pages.map((_, index) => `${5 + index * 2} 0 R`).join(' ');
  add('<< /Type /Catalog /Pages 2 0 R >>');
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>');
  for (const texts of pages) {
    const content = texts
      .map(
        ({ text, left, top, size = 11, bold = false }) =>
          `BT /${bold ? 'B' : 'R'} ${size} Tf 1 0 0 1 ${left} ${page.height - top} Tm (${escaped(text)}) Tj ET`,
      )
      .join('\n');
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${page.width} ${page.height}] /Resources << /Font << /R 3 0 R /B 4 0 R >> >> /Contents ${objects.length + 2} 0 R >>`,
    );
    add(`<< /Length ${Buffer.byteLength(content, 'latin1')} >>\nstream\n${content}\nendstream`);
  }
  if (options.bombBytes !== undefined) {
    const packed = deflateSync(Buffer.alloc(options.bombBytes)).toString('latin1');
    add(`<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n${packed}\nendstream`);
  }
  const locks = options.locked === true ? lockOf() : '';
  let file = '%PDF-1.4\n';
  const places = objects.map((body, index) => {
    const place = Buffer.byteLength(file, 'latin1');
    file += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return place;
  });
  const start = Buffer.byteLength(file, 'latin1');
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${locks}>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

/** The standard security handler (ISO 32000-1, 7.6.3) with check values that no password meets. */
function lockOf(): string {
  const value = '5a'.repeat(32);
  return `/Encrypt << /Filter /Standard /V 1 /R 2 /O <${value}> /U <${value}> /P -4 >> /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] `;
}

/** Lines below one another. */
export function column(texts: readonly string[], left: number, top: number, size = 11): PlacedText[] {
  return texts.map((text, index) => ({ text, left, top: top + index * size * 1.25, size }));
}
