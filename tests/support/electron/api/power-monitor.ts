import { EventEmitter } from 'node:events';

/** The idle time is whatever a test says it is. */
class PowerMonitor extends EventEmitter {
  private idleSeconds = 0;

  setIdleSeconds(seconds: number): void {
    this.idleSeconds = seconds;
  }
  getSystemIdleTime(): number {
    return this.idleSeconds;
  }
  getSystemIdleState(thresholdSeconds: number): 'idle' | 'active' {
    return this.idleSeconds >= thresholdSeconds ? 'idle' : 'active';
  }
  isOnBatteryPower(): boolean {
    return false;
  }
}

export const powerMonitor = new PowerMonitor();
