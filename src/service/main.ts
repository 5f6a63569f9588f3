import { settingsFromEnvironment } from '../contract/settings.ts';
import type { ReadyMessage } from '../contract/launcher.ts';
import { usherVersion } from '../contract/version.ts';
import { thisMachine } from '../machine/index.ts';
import { startService, type RunningService } from './index.ts';

/** Whoever started this learns whether the machine is enrolled, if that is known within this time. */
const enrolledWithinMs = 2_000;

// What the service writes is for the service's account alone; the socket is opened to others by its own mode.
process.umask(0o077);

try {
  const settings = settingsFromEnvironment(process.env);
  const service = await startService({ settings, machine: await thisMachine(), version: usherVersion });
  stopWhenAsked(service);
  if (settings.enrolmentToken !== undefined) await enrolmentSettled(service);
  const ready: ReadyMessage = {
    kind: 'serviceReady',
    socketPath: service.socketPath,
    deviceId: service.deviceId,
    enrolled: service.enrolled(),
  };
  process.send?.(ready);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

function stopWhenAsked(service: RunningService): void {
  const stop = (reason: string): void => {
    service.stop(reason).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => stop('Asked to stop (SIGTERM)'));
  process.once('SIGINT', () => stop('Asked to stop (SIGINT)'));
  process.once('disconnect', () => stop('The program that started it ended'));
}

async function enrolmentSettled(service: RunningService): Promise<void> {
  const until = Date.now() + enrolledWithinMs;
  while (!service.enrolled() && service.sync().trouble === null && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
