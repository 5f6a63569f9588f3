import { EventEmitter } from 'node:events';

interface Before {
  url: string;
  method: string;
  resourceType: string;
}
interface Received {
  url: string;
  resourceType: string;
  responseHeaders: Record<string, string[]>;
}
interface BeforeAnswer {
  cancel?: boolean;
}
interface ReceivedAnswer {
  cancel?: boolean;
  responseHeaders?: Record<string, string | string[]>;
}
type Listener<Details, Answer> = (details: Details, answer: (given: Answer) => void) => void;

class WebRequest {
  private before: Listener<Before, BeforeAnswer> | null = null;
  private received: Listener<Received, ReceivedAnswer> | null = null;

  onBeforeRequest(listener: Listener<Before, BeforeAnswer> | null): void {
    this.before = listener;
  }
  onHeadersReceived(listener: Listener<Received, ReceivedAnswer> | null): void {
    this.received = listener;
  }
  get looksAtHeaders(): boolean {
    return this.received !== null;
  }
  beforeRequest(details: Before): Promise<BeforeAnswer> {
    return new Promise((resolve) => (this.before === null ? resolve({}) : this.before(details, resolve)));
  }
  headersReceived(details: Received): Promise<ReceivedAnswer> {
    return new Promise((resolve) => (this.received === null ? resolve({}) : this.received(details, resolve)));
  }
}

/** A session: its request listeners work; Chromium without a display asks for no permission, so those only keep. */
export class StandInSession extends EventEmitter {
  readonly webRequest = new WebRequest();
  setPermissionRequestHandler(): void {}
  setPermissionCheckHandler(): void {}
  setDevicePermissionHandler(): void {}
}

export const defaultSession = new StandInSession();
export const session = { defaultSession, fromPartition: () => new StandInSession() };
