import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PDFDocumentLoadingTask } from 'pdfjs-dist/types/src/display/api.d.ts';

/** What is used of pdfjs-dist. */
export interface PdfReader {
  open: (bytes: Buffer) => PDFDocumentLoadingTask;
  /** The product of two transformation matrices (ISO 32000-1, 8.3.3). */
  transform: (first: readonly number[], second: readonly number[]) => readonly number[];
}

/**
 * Loads pdf.js, which is large, only when a PDF is read. Its build for Node looks for a canvas to draw on and complains
 * where there is none; text needs none, so what it would complain of stands here as empty classes.
 */
export async function loadPdfReader(): Promise<PdfReader> {
  const pdfjs = await quietly(() => import('pdfjs-dist/legacy/build/pdf.mjs'));
  const folder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  return {
    open: (bytes) =>
      pdfjs.getDocument({
        data: new Uint8Array(bytes),
        verbosity: pdfjs.VerbosityLevel.ERRORS,
        cMapUrl: `${join(folder, 'cmaps')}/`,
        standardFontDataUrl: `${join(folder, 'standard_fonts')}/`,
        disableFontFace: true,
        useSystemFonts: false,
        isEvalSupported: false,
        enableXfa: false,
        stopAtErrors: false,
      }),
    transform: (first, second) => pdfjs.Util.transform([...first], [...second]),
  };
}

async function quietly<T>(load: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return await load();
  } finally {
    console.warn = warn;
  }
}
