import { dialog, type BrowserWindow } from 'electron';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { accepted, refused, type Outcome } from '../src/contract/problem.ts';

const millimetresPerInch = 25.4;

/**
 * Saves what the window shows as an A4 PDF where the person chooses. An existing file is only replaced once the new
 * one is whole.
 */
export async function printPage(window: BrowserWindow, suggestedPath: string): Promise<Outcome<null>> {
  const margin = 18 / millimetresPerInch;
  const pdf = await window.webContents.printToPDF({
    pageSize: 'A4',
    printBackground: true,
    margins: { top: margin, bottom: margin, left: margin, right: margin },
    generateTaggedPDF: true,
  });
  const choice = await dialog.showSaveDialog(window, {
    title: 'Save as PDF',
    defaultPath: suggestedPath,
    filters: [{ name: 'PDF', extensions: ['pdf'] }],
  });
  if (choice.canceled || choice.filePath === '') {
    return refused('print.cancelled', 'Nothing was saved: the save window was closed.');
  }
  const partial = `${choice.filePath}.part`;
  try {
    await writeFile(partial, pdf);
    await rename(partial, choice.filePath);
    return accepted(null);
  } catch (error) {
    await rm(partial, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    return refused(
      'print.notSaved',
      `${basename(choice.filePath)} could not be saved there. Choose another folder. (${why})`.slice(0, 1_000),
    );
  }
}
