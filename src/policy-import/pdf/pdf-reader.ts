import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PDFDocumentLoadingTask } from 'pdfjs-dist/types/src/display/api.d.ts';

/** What is used of pdfjs-dist. */
export interface PdfReader {
  open: (bytes: Buffer) => PDFDocumentLoadingTask;
  /** The product of two transformation matrices (ISO 32000-1, 8.3.3). */
  transform: (first: readonly number[], second: readonly number[]) => readonly number[];
}

const importPdfJs = () => import('pdfjs-dist/legacy/build/pdf.mjs');
let loading: ReturnType<typeof importPdfJs> | undefined;

/**
 * Loads pdf.js, which is large, only when a PDF is read. While it loads it wants classes of the browser that it draws
 * with, and says so where a native canvas is not installed. Text needs none of them, so empty ones stand in.
 */
export async function loadPdfReader(): Promise<PdfReader> {
  loading ??= withoutCanvas(importPdfJs);
  const pdfjs = await loading;
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

class NotDrawnWith {
  readonly drawsNothing = true;
}
const drawnWith = ['DOMMatrix', 'ImageData', 'Path2D'] as const;

async function withoutCanvas<T>(load: () => Promise<T>): Promise<T> {
  const { warn } = console;
  const missing = drawnWith.filter((name) => !(name in globalThis));
  for (const name of missing) Object.defineProperty(globalThis, name, { value: NotDrawnWith, configurable: true });
  console.warn = () => undefined;
  try {
    return await load();
  } finally {
    console.warn = warn;
    for (const name of missing) Reflect.deleteProperty(globalThis, name);
  }
}
