import type { EventBody } from '../../contract/event.ts';
import { deviceSummary } from './device-summary.ts';

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

const lockReasons = {
  slept: 'because the machine had slept for longer than the policy allows',
  person: 'because they asked for it',
  usb: 'because a device was plugged in',
  notWatched: 'because nothing could tell any more whether somebody was there',
  declined: 'because they did not accept the policy',
} as const;

const presentationReasons = {
  person: 'they asked for it',
  fullScreen: 'a program fills a second display',
  videoCall: 'a video call is under way',
  mediaPlayback: 'a film or sound is playing',
} as const;

const presentationEnds = {
  person: 'they ended it',
  ceiling: 'the time the policy allows was up',
  signalGone: 'the call, film or full screen ended',
  locked: 'the screen locked',
  policyChanged: 'the policy changed',
  signedOut: 'they signed out',
} as const;

const endOfDayAnswers = {
  none: '',
  signOut: ' and chose to sign out',
  shutDown: ' and chose to shut down',
  dismissed: ' and closed the reminder',
} as const;

const afterDecline = {
  stays: '',
  signOut: '; they are signed out',
  limited: '; they go on in a limited session',
  record: '; they go on',
} as const;

const visitorWords = { organisation: 'from', purpose: 'for', host: 'visiting' } as const;

/** A shared account with who it was. */
const named = (account: string, person: string | undefined): string =>
  person === undefined ? account : `${person} (on the shared account ${account})`;

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
      return `${named(who, body.data.person)} accepted "${body.data.policyTitle}", version ${body.data.policyVersion}, after ${spokenDuration(body.data.openSeconds)}.`;
    case 'policy.declined':
      return `${named(who, body.data.person)} did not accept version ${body.data.policyVersion} of the policy${body.data.reason === '' ? '' : ` and said: ${body.data.reason}`}${afterDecline[body.data.then ?? 'stays']}.`;
    case 'policy.postponed':
      return `${who} put version ${body.data.policyVersion} of the policy off; it can be put off until ${body.data.until.slice(0, 10)}.`;
    case 'policy.checked': {
      const wrong = body.data.answers.filter(({ right }) => !right).length;
      return `${who} answered the policy's questions (attempt ${body.data.attempt}): ${body.data.passed ? 'all right' : `${wrong} of ${body.data.answers.length} wrong`}.`;
    }
    case 'policy.withdrawn':
      return `Version ${body.data.version} of the policy "${body.data.policyId}" is no longer in force on this machine.`;
    case 'session.personNamed': {
      const more = body.data.answers.map(({ question, answer }) => `${visitorWords[question]} ${answer}`).join(', ');
      return `On the shared account ${who}: ${body.data.name}${more === '' ? '' : ` (${more})`}.`;
    }
    case 'session.signedIn':
      return `${who} signed in${body.data.remote ? ' from another machine' : ''}.`;
    case 'session.signedOut':
      return body.data.how === 'ended' ? `${who} signed out.` : `${who} was still signed in when the machine stopped.`;
    case 'session.locked':
      return body.data.by === 'usher' ? `Usher locked ${who}'s screen.` : `${who}'s screen was locked.`;
    case 'session.unlocked':
      return `${who}'s screen was unlocked after ${spokenDuration(body.data.lockedSeconds)}.`;
    case 'session.switchedAway':
      return `Another session came in front of ${who}'s.`;
    case 'session.switchedBack':
      return `${who}'s session came back to the front.`;
    case 'session.elsewhere':
      return `${who} is signed in on other machines too: ${body.data.machines.join(', ')}.`;
    case 'machine.sleeping':
      return 'This machine went to sleep.';
    case 'machine.woke':
      return `This machine woke after ${spokenDuration(body.data.sleptSeconds)}.`;
    case 'machine.shuttingDown':
      return 'This machine was shut down.';
    case 'machine.stoppedUnclean':
      return `This machine had stopped without being shut down, some time after ${body.data.lastKnownAt}.`;
    case 'machine.posture': {
      const bad = body.data.checks.filter(({ state }) => state === 'bad').length;
      return bad === 0
        ? 'This machine reported how it is protected: nothing needs looking at.'
        : `This machine reported how it is protected: ${bad === 1 ? '1 thing needs' : `${bad} things need`} looking at.`;
    }
    case 'machine.inventory':
      return `This machine reported what it is made of: ${body.data.model ?? body.data.processor}.`;
    case 'lock.requested': {
      const does = body.data.action === 'lock' ? `${who}'s screen was asked to lock` : `${who} was to be signed out`;
      const { reason, idleSeconds } = body.data;
      if (reason === 'idle') return `${does} after ${spokenDuration(idleSeconds ?? 0)} without use.`;
      return `${does} ${lockReasons[reason]}.`;
    }
    case 'lock.confirmed': {
      const done = body.data.action === 'lock' ? `${who}'s screen is locked` : `${who} is signed out`;
      const after = body.data.wasCovered ? ', after it had been covered' : '';
      return `${done}: the system confirmed it after ${body.data.tookMs} ms${after}.`;
    }
    case 'lock.failed': {
      const failed = body.data.action === 'lock' ? `${who}'s screen did not lock` : `${who} was not signed out`;
      return `${failed}: ${body.data.why}.${body.data.covered ? ' Usher covered every display.' : ''}`;
    }
    case 'lock.extended':
      return `${who} asked for ${spokenDuration(body.data.bySeconds)} more before being signed out.`;
    case 'presentation.started':
      return `${who} is presenting (${presentationReasons[body.data.reason]}): the screen stays open for at most ${spokenDuration(body.data.maximumMinutes * 60)}.`;
    case 'presentation.ended':
      return `${who}'s presentation ended after ${spokenDuration(body.data.lastedSeconds)}: ${presentationEnds[body.data.why]}.`;
    case 'idle.detectionBroken':
      return `Idle time is not measured properly on this machine. ${body.data.detail}`;
    case 'idle.detectionRestored':
      return 'Idle time is measured properly on this machine again.';
    case 'password.ageing':
      return `${who}'s password is ${body.data.ageDays} days old; the policy asks for a new one every ${body.data.maximumDays}.`;
    case 'endOfDay.reminded':
      return `${who} was reminded to sign out or shut down at the end of the day${endOfDayAnswers[body.data.answer]}.`;
    case 'usb.decided':
    case 'usb.blocked':
    case 'usb.blockFailed':
    case 'usb.released':
    case 'usb.releaseFailed':
    case 'usb.removed':
    case 'usb.asked':
    case 'usb.codeEntered':
      return deviceSummary(body, who);
    case 'usb.answered':
      return `IT's answer to ${who}'s request reached the machine: ${body.data.answer}.`;
    case 'usb.controlFailed':
      return `${body.data.why}.`;
    case 'usb.controlRestored':
      return body.data.what === 'watch'
        ? 'USB devices are seen on this machine again.'
        : 'New USB devices are held on this machine again.';
    case 'shell.lost':
      return `Usher's program in ${who}'s session ended without a sign-out.`;
    case 'shell.restarted':
      return `Usher's program in ${who}'s session was started again after ${spokenDuration(Math.round(body.data.afterMs / 1_000))}.`;
    case 'shell.refused':
      return `Something on this machine was turned away: ${body.data.detail}.`;
  }
}
