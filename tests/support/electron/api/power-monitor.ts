import { EventEmitter } from 'node:events';
import { spawnSync } from 'node:child_process';
import { hasRealDisplay } from '../environment.ts';

/**
 * On a real X display the idle time is the display's own (`xprintidle`). Elsewhere it counts from the last input that
 * came through the viewer, or from what a test said. The lock of the simulated computer is kept here too.
 */
class PowerMonitor extends EventEmitter {
  private lastInputMs = performance.now();
  private frozenSeconds: number | null = null;
  private locked = false;

  /** Somebody touched the simulated computer. */
  input(): void {
    this.lastInputMs = performance.now();
  }
  /** Nobody has for so long; `frozen`: and it stays at that, as a broken idle clock does. */
  setIdleSeconds(seconds: number, frozen = false): void {
    this.lastInputMs = performance.now() - seconds * 1_000;
    this.frozenSeconds = frozen ? seconds : null;
  }
  get isLocked(): boolean {
    return this.locked;
  }
  setLocked(locked: boolean): void {
    if (locked === this.locked) return;
    this.locked = locked;
    this.emit(locked ? 'lock-screen' : 'unlock-screen');
    this.emit('stand-in-changed');
  }

  getSystemIdleTime(): number {
    if (this.frozenSeconds !== null) return this.frozenSeconds;
    return hasRealDisplay ? realIdleSeconds() : Math.floor((performance.now() - this.lastInputMs) / 1_000);
  }
  getSystemIdleState(thresholdSeconds: number): 'idle' | 'active' {
    return this.getSystemIdleTime() >= thresholdSeconds ? 'idle' : 'active';
  }
  isOnBatteryPower(): boolean {
    return false;
  }
}

/** Whole seconds, as Electron tells them; 0 where `xprintidle` is not installed. */
function realIdleSeconds(): number {
  const printed = spawnSync('xprintidle', { encoding: 'utf8', timeout: 1_000 }).stdout;
  return Math.floor(Number(printed?.trim() ?? 0) / 1_000) || 0;
}

export const powerMonitor = new PowerMonitor();
