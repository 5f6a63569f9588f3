/** Both clocks at the moment of an input. */
export interface Moment {
  /** Wall clock, milliseconds since 1970. */
  atMs: number;
  /** Monotonic, milliseconds since boot, sleep included. */
  uptimeMs: number;
}
