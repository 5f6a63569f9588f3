import { join } from 'node:path';

interface SaveOptions {
  defaultPath?: string;
}
export interface SaveAnswer {
  canceled: boolean;
  filePath: string;
}

/** What the person will answer next, set through the control address; otherwise the suggested path is taken. */
export const nextAnswers: { save: SaveAnswer | null } = { save: null };

export const dialog = {
  /** Electron allows the window to be left out. */
  async showSaveDialog(first: object, second?: SaveOptions): Promise<SaveAnswer> {
    const options: SaveOptions = second ?? first;
    const answer = nextAnswers.save ?? {
      canceled: false,
      filePath: options.defaultPath ?? join(process.cwd(), 'saved'),
    };
    nextAnswers.save = null;
    return answer;
  },
  async showMessageBox(): Promise<{ response: number; checkboxChecked: boolean }> {
    return { response: 0, checkboxChecked: false };
  },
  showErrorBox(title: string, content: string): void {
    console.error(`${title}: ${content}`);
  },
};
