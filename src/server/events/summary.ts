import type { EventBody } from '../../contract/event.ts';

const because = {
  first: 'for the first time',
  changed: 'because it changed',
  renewal: 'because it was due again',
} as const;

const epochReason = {
  first: 'This machine began its record',
  damaged: 'The record on this machine was damaged, set aside and begun anew',
  rolledBack: 'The record on this machine had gone back in time, was set aside and begun anew',
} as const;

const stopBefore = {
  none: '',
  clean: '',
  unclean: ' after it had not been stopped properly',
} as const;

/** `90` as `1 minute 30 seconds`. */
function spokenDuration(seconds: number): string {
  const parts = [
    { count: Math.floor(seconds / 3_600), unit: 'hour' },
    { count: Math.floor((seconds % 3_600) / 60), unit: 'minute' },
    { count: seconds % 60, unit: 'second' },
  ].filter((part) => part.count > 0);
  if (parts.length === 0) return 'less than a second';
  return parts
    .slice(0, 2)
    .map((part) => `${part.count} ${part.unit}${part.count === 1 ? '' : 's'}`)
    .join(' ');
}

/** One sentence a person reads about an event. */
export function eventSummary(body: EventBody): string {
  const who = body.account?.name ?? 'Someone';
  switch (body.type) {
    case 'journal.epochStarted':
      return `${epochReason[body.data.reason]}.`;
    case 'machine.enrolled':
      return `This machine enrolled with ${body.data.serverOrigin}.`;
    case 'service.started':
      return `The Usher service started${stopBefore[body.data.previousStop]} (version ${body.data.version}).`;
    case 'service.stopped':
      return `The Usher service stopped: ${body.data.reason}.`;
    case 'clock.moved':
      return `The clock of this machine moved ${body.data.bySeconds < 0 ? 'back' : 'forward'} by ${spokenDuration(Math.abs(body.data.bySeconds))}.`;
    case 'policy.received':
      return `Version ${body.data.version} of the policy reached this machine.`;
    case 'policy.refused':
      return `This machine refused a policy: ${body.data.reason}.`;
    case 'gate.shown':
      return `${who} was shown version ${body.data.policyVersion} of the policy ${because[body.data.why]}.`;
    case 'gate.interrupted':
      return `The policy disappeared from ${who}'s screen before it was answered; it is shown again.`;
    case 'policy.accepted':
      return `${who} accepted "${body.data.policyTitle}", version ${body.data.policyVersion}, after ${spokenDuration(body.data.openSeconds)}.`;
    case 'policy.declined':
      return `${who} did not accept version ${body.data.policyVersion} of the policy${body.data.reason === '' ? '' : ` and said: ${body.data.reason}`}.`;
    case 'shell.refused':
      return `Something on this machine was turned away: ${body.data.detail}.`;
  }
}
