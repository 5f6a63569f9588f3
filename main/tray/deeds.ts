import type { ServicePresence } from '../service-presence.ts';
import type { TrayDeed } from './tray-items.ts';

/** Does what was chosen in the tray; a refusal goes to the log, because a menu has no place for it. */
export async function doFromTray(
  service: Pick<ServicePresence, 'call'>,
  deed: TrayDeed,
  note: (sentence: string) => void,
): Promise<void> {
  const answer =
    deed.kind === 'startPresentation'
      ? await service.call('startPresentation', { minutes: deed.minutes })
      : await service.call(deed.kind, {});
  if (answer === null) note('The service is not answering; nothing was done.');
  else if (!answer.ok) note(answer.problem.detail);
}
