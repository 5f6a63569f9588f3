import { spawn, type ChildProcess } from 'node:child_process';

const endWithinMs = 10_000;

/** A started shell: its output, line by line, and its end. */
export class ShellProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<number | string>;
  private text = '';

  constructor(program: string, args: string[], env: Record<string, string | undefined>) {
    this.child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (part: string) => (this.text += part));
    }
    this.ended = new Promise((resolve) => this.child.once('close', (code, signal) => resolve(signal ?? code ?? 0)));
  }

  output(): string {
    return this.text;
  }

  /** The JSON of the line that begins with `prefix`. @throws Error with the output when the process ends before it. */
  async announcement(prefix: string, timeoutMs: number): Promise<unknown> {
    const until = performance.now() + timeoutMs;
    let over = false;
    void this.ended.then(() => (over = true));
    for (;;) {
      const line = this.text
        .split('\n')
        .slice(0, -1)
        .find((one) => one.startsWith(`${prefix} `));
      if (line !== undefined) return JSON.parse(line.slice(prefix.length + 1));
      if (over) throw new Error(`The shell ended before it said "${prefix}":\n${this.text}`);
      if (performance.now() > until) throw new Error(`The shell did not say "${prefix}" in time:\n${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to end, and makes it when it does not. */
  async terminate(): Promise<void> {
    this.child.kill('SIGTERM');
    const impatience = setTimeout(() => this.child.kill('SIGKILL'), endWithinMs);
    await this.ended;
    clearTimeout(impatience);
  }
}
