import type { FileFinding } from '../../contract/console-integrity.ts';
import {
  exportSteps,
  keyFingerprint,
  looksLikePack,
  packSteps,
  verifyExitCodes,
  type Verification,
} from '../../proof/index.ts';

/** Most bytes an archive sent to the server may unpack to. */
const mostBytes = 128 * 1024 * 1024;
/** Work between two turns for other requests. */
const turnMs = 10;

/** Verifies a file somebody has, letting other requests be answered meanwhile. A pack must be this server's. */
export async function verifyFile(bytes: Buffer, serverPublicKey: string): Promise<FileFinding> {
  const isPack = looksLikePack(bytes);
  const found = await inTurns(
    isPack
      ? packSteps(bytes, { mostBytes, serverKeyFingerprint: keyFingerprint(serverPublicKey) })
      : exportSteps(bytes.toString('utf8')),
  );
  const { outcome, reason, at, deviceId, records } = found;
  return {
    outcome,
    exitCode: verifyExitCodes[outcome],
    kind: isPack ? 'pack' : 'export',
    reason,
    at,
    deviceId,
    records,
  };
}

async function inTurns<Found extends Verification>(steps: Generator<undefined, Found>): Promise<Found> {
  let turn = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - turn < turnMs) continue;
    await new Promise((resolve) => setImmediate(resolve));
    turn = performance.now();
  }
}
