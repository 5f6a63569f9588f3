import type { DisplayState, TrayState, WindowState } from '../control/state.ts';

/** Answer of a page call as an attacker sees it. */
export interface InvokeResult {
  answer?: unknown;
  rejected?: string;
}

/** The stand-in's control address, typed. */
export class StandInControl {
  private readonly address: string;
  readonly chromiumProcessId: number;

  constructor(address: string, chromiumProcessId: number) {
    this.address = address;
    this.chromiumProcessId = chromiumProcessId;
  }

  windows(): Promise<(WindowState & { targetId: string | null })[]> {
    return this.ask('GET', 'windows');
  }
  tray(): Promise<TrayState> {
    return this.ask('GET', 'tray');
  }
  /** By its words and not by its place: the menu may change between a look and the click. */
  chooseTrayItem(label: string): Promise<void> {
    return this.ask('POST', 'tray/choose', { label });
  }
  displays(): Promise<DisplayState[]> {
    return this.ask('GET', 'displays');
  }
  /** @param size such as `1920x1080`. */
  addDisplay(size: string): Promise<{ id: number }> {
    return this.ask('POST', 'displays/add', { size });
  }
  removeDisplay(id: number): Promise<{ ok: boolean }> {
    return this.ask('POST', 'displays/remove', { id });
  }
  resizeDisplay(id: number, size: string): Promise<{ ok: boolean }> {
    return this.ask('POST', 'displays/resize', { id, size });
  }
  close(id: number): Promise<{ closed: boolean }> {
    return this.ask('POST', 'windows/close', { id });
  }
  minimise(id: number): Promise<{ minimised: boolean }> {
    return this.ask('POST', 'windows/minimise', { id });
  }
  leaveFullScreen(id: number): Promise<{ kiosk: boolean }> {
    return this.ask('POST', 'windows/leave-full-screen', { id });
  }
  blur(id: number): Promise<void> {
    return this.ask('POST', 'windows/blur', { id });
  }
  crash(id: number): Promise<void> {
    return this.ask('POST', 'windows/crash', { id });
  }
  /** A page call past the preload script, as from a page that was taken over. */
  invoke(call: {
    id: number;
    channel: string;
    values: unknown[];
    frame: 'main' | 'inner' | 'gone';
    address?: string;
  }): Promise<InvokeResult> {
    return this.ask('POST', 'windows/invoke', call);
  }
  answerSaveDialog(answer: { canceled: boolean; filePath: string }): Promise<void> {
    return this.ask('POST', 'dialog/save', answer);
  }
  /** Nobody has touched the simulated computer for so long; `frozen`: and its idle clock stays at that. */
  setIdleSeconds(seconds: number, frozen = false): Promise<void> {
    return this.ask('POST', 'idle', { seconds, frozen });
  }
  power(event: 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen'): Promise<void> {
    return this.ask('POST', 'power', { event });
  }
  seen(): Promise<{
    openedExternally: string[];
    shownNotifications: { title?: string; body?: string }[];
    screencasts: number;
  }> {
    return this.ask('GET', 'seen');
  }
  quit(): Promise<void> {
    return this.ask('POST', 'quit');
  }

  private async ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.address}/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`The stand-in refused ${path}: ${answer.error}`);
    return answer;
  }
}
