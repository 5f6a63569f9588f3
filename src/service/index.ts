import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { EventDraft, EventData } from '../contract/event.ts';
import { instant } from '../contract/primitives.ts';
import type { SyncState } from '../contract/session.ts';
import type { Settings } from '../contract/settings.ts';
import { openJournal, type Journal } from '../journal/index.ts';
import type { Machine } from '../machine/index.ts';
import { canonicalJson } from '../proof/canonical.ts';
import type { Moment } from '../rules/aup-gate.ts';
import { watchClock, type ClockWatch } from '../rules/clock-watch.ts';
import { rulingPolicy } from '../rules/ruling-policy.ts';
import { serveSession, socketPathFor } from '../wire/index.ts';
import { acceptancesIn } from './acceptances.ts';
import { Gates } from './gates.ts';
import { openEarlierVersions } from './earlier-versions.ts';
import { lockInstance } from './instance-lock.ts';
import { ofTheMachine, recordEvent } from './journal-outcome.ts';
import { DeviceDesk } from './devices/device-desk.ts';
import { keptDevices } from './devices/kept-devices.ts';
import { keptFile } from './kept-file.ts';
import { ConditionWatch } from './presence/condition-watch.ts';
import { keptSessions } from './presence/kept-sessions.ts';
import { Presence } from './presence/presence.ts';
import { openKeptReadings } from './kept-readings.ts';
import { openPermitStore } from './permit-store.ts';
import { openPolicyStore } from './policy-store.ts';
import { Refusals } from './refusals.ts';
import { serviceLog } from './service-log.ts';
import { sessionDesk } from './session-handlers.ts';
import { clearStaleSocket } from './socket-file.ts';
import { openServiceFolder } from './state-folder.ts';
import { enrol, enrolment } from './sync/enrolment.ts';
import { exchangeTimeoutMs } from './sync/exchange.ts';
import { SyncLoop } from './sync/loop.ts';
import { position } from './sync/position.ts';
import { readEnrolmentToken } from './sync/token.ts';

export { AlreadyRunningError } from './instance-lock.ts';

export interface ServiceOptions {
  settings: Settings;
  machine: Machine;
  version: string;
  /** Wall clock; `Date` when absent. */
  now?: () => number;
  /** Strong random bytes; `node:crypto` when absent. */
  random?: (bytes: number) => Uint8Array;
  /** In [0, 1), for spreading waits. */
  chance?: () => number;
  /** How long one exchange with the server may take. */
  exchangeTimeoutMs?: number;
  /** Where log lines go; standard output when absent. */
  writeLog?: (line: string) => void;
}

export interface RunningService {
  readonly socketPath: string;
  readonly deviceId: string;
  readonly journal: Journal;
  enrolled(): boolean;
  sync(): SyncState;
  /** Server clock minus machine clock, milliseconds; null before the first exchange. */
  clockOffsetMs(): number | null;
  /** Records the stop and lets go of everything. Safe to call twice. */
  stop(reason: string): Promise<void>;
}

/** How often renewals and the clock are looked at. */
const lookEveryMs = 30_000;

const lastSync = z.strictObject({ lastSyncedAt: instant });

/**
 * Starts the machine's service: journal, gates, local socket and sync.
 * @throws AlreadyRunningError when another service holds the state folder; JournalError when the journal cannot be
 * used; Error with a sentence for a bad enrolment token or a socket that is taken. Then nothing is left open.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { settings, machine, version } = options;
  const now = options.now ?? Date.now;
  const random = options.random ?? randomBytes;
  const log = serviceLog(settings.logLevel, now, options.writeLog);
  const moment = (): Moment => ({ atMs: now(), uptimeMs: machine.uptimeMs() });
  const closers: (() => void | Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };

  try {
    const token = settings.enrolmentToken === undefined ? null : readEnrolmentToken(settings.enrolmentToken);
    const folder = openServiceFolder(settings.stateFolder);
    const lock = lockInstance(folder);
    closers.push(() => lock.release());

    const clock = { now: () => new Date(now()), uptimeMs: () => machine.uptimeMs() };
    const opened = openJournal({ folder: folder.folder, clock, random });
    const { journal } = opened;
    closers.push(() => journal.close());
    if (opened.setAside !== null) log.error('The journal was damaged; a new epoch begins', { kept: opened.setAside });

    const problem = (sentence: string): void => log.error(sentence);
    const record = (draft: EventDraft): boolean => recordEvent(journal, draft, log).ok;
    record({
      ...ofTheMachine,
      type: 'service.started',
      data: { version, bootId: machine.bootId, previousStop: previousStop(journal) },
    });

    const enrolments = keptFile(folder.enrolment, enrolment, now, problem);
    const enrolled = enrolments.read();
    const lastSyncs = keptFile(folder.lastSync, lastSync, now, problem);
    const policies = openPolicyStore({
      path: folder.policies,
      olderPath: folder.olderPolicy,
      deviceId: journal.deviceId,
      serverPublicKey: enrolled?.serverPublicKey ?? null,
      now,
      onProblem: problem,
    });
    const permits = openPermitStore(folder.permits, journal.deviceId, enrolled?.serverPublicKey ?? null, now, problem);
    const readings = openKeptReadings(folder.reading, now, problem);
    const acceptances = acceptancesIn(journal);
    const versions = openEarlierVersions({
      folder: folder.versions,
      serverPublicKey: enrolled?.serverPublicKey ?? null,
      now,
      onProblem: problem,
      acceptances: () => acceptances.texts(),
    });
    versions.settle(policies.inForce);
    const timeoutMs = options.exchangeTimeoutMs ?? exchangeTimeoutMs;

    const sync = new SyncLoop({
      journal,
      policies,
      versions,
      permits,
      now,
      chance: options.chance ?? Math.random,
      log,
      record,
      timeoutMs,
      enrolment: enrolled,
      position: keptFile(folder.position, position, now, problem),
      onSchool: (moved) => enrolments.write(moved),
      lastSyncedAt: lastSyncs.read()?.lastSyncedAt ?? null,
      enrol:
        token === null
          ? null
          : async (signal) => {
              const facts = await machine.facts(version);
              const result = await enrol(token, journal.signingKey, journal.deviceId, facts, {
                now,
                signal,
                timeoutMs,
              });
              if (!result.ok) return result;
              enrolments.write(result.enrolment);
              return result.enrolment;
            },
      onPolicies: () => {
        const ruling = rulingPolicy(policies.inForce);
        versions.settle(policies.inForce);
        gates.earlierTextsKnown();
        gates.policiesArrived(policies.inForce);
        presence.policyArrived(ruling);
        devices.policyArrived(ruling);
      },
      onEarlierVersion: () => gates.earlierTextsKnown(),
      onPermits: () => devices.permitsArrived(),
      onElsewhere: (found) => presence.elsewhere(found),
      onPeople: (found) => gates.peopleKnown(found),
      onChange: () => later(null),
    });
    const gates = new Gates({
      journal,
      acceptances,
      readings,
      policies: policies.inForce,
      versions,
      moment,
      log,
      onChange: (accountId) => later(accountId),
      onUrgent() {
        sync.nudge();
        // What was accepted now may be the last that an earlier version was kept for.
        setImmediate(() => {
          if (!stopping) versions.settle(policies.inForce);
        });
      },
      signOut: (session) => presence.endSession(session),
    });
    closers.push(() => gates.stop());
    const presence = new Presence({
      machine,
      sharedMachine: settings.sharedMachine,
      shellProgram: settings.shellProgram ?? null,
      policy: rulingPolicy(policies.inForce),
      kept: keptFile(folder.sessions, keptSessions, now, problem),
      moment,
      log,
      record,
      onChange: (accountId) => later(accountId),
      onUrgent: () => sync.nudge(),
      onSessions: () => devices.presenceChanged(),
      onSignedOut: (account, session) => gates.sessionEnded(account, session),
    });
    const devices = new DeviceDesk({
      machine,
      deviceId: journal.deviceId,
      school: () => sync.enrolment?.schoolId ?? null,
      machineGroup: settings.machineGroup ?? null,
      policy: rulingPolicy(policies.inForce),
      permits,
      presence,
      kept: keptFile(folder.devices, keptDevices, now, problem),
      moment,
      random,
      log,
      record,
      onChange: () => later(null),
      onUrgent: () => sync.nudge(),
    });
    const condition = new ConditionWatch({
      machine,
      lastPosture: lastData(journal, 'machine.posture'),
      lastInventory: lastData(journal, 'machine.inventory'),
      process: () => presence.anyProcess,
      record: (event) => record({ ...ofTheMachine, ...event }),
      onPosture(posture) {
        presence.postureKnown(posture);
        const antivirus = posture.checks.find(({ name }) => name === 'antivirus')?.state ?? 'unknown';
        devices.antivirusKnown(antivirus === 'unknown' ? null : antivirus === 'good');
      },
    });
    const desk = sessionDesk({
      gates,
      presence,
      devices,
      acceptances,
      hostname: machine.hostname,
      version,
      sync: () => sync.state,
    });
    let stopping = false;
    // After the answer that is on its way, so that whoever asked hears the answer first.
    const later = (accountId: string | null): void => {
      setImmediate(() => {
        if (!stopping) desk.show(accountId);
      });
    };

    const socketPath = socketPathFor(settings);
    await clearStaleSocket(socketPath);
    const refusals = new Refusals(() => machine.uptimeMs());
    const server = await serveSession({
      socketPath,
      identify: (socket) => machine.peerOf(socket),
      handlers: desk.handlers,
      onClosed: (client) => {
        if (!stopping) desk.onClosed(client);
      },
      onRefused: (refusal) => {
        log.warn('A connection was refused', { code: refusal.code });
        const draft = stopping ? null : refusals.take(refusal);
        if (draft !== null) record(draft);
      },
      ...(machine.listen === undefined ? {} : { listen: machine.listen }),
    });
    closers.push(() => server.close());

    presence.start();
    closers.push(() => presence.stop());
    devices.start();
    closers.push(() => devices.stop());
    condition.start();
    closers.push(() => condition.close());

    let clockWatch: ClockWatch = null;
    const look = (): void => {
      const seen = watchClock(clockWatch, moment());
      clockWatch = seen.state;
      if (seen.movedBySeconds !== null) {
        record({ ...ofTheMachine, type: 'clock.moved', data: { bySeconds: seen.movedBySeconds } });
      }
      gates.timePassed();
      presence.timePassed();
    };
    look();
    const looking = setInterval(look, lookEveryMs);
    closers.push(() => clearInterval(looking));
    sync.start();
    closers.push(() => sync.stop());
    log.info('Running', { socketPath, deviceId: journal.deviceId, enrolled: enrolled !== null, opened: opened.opened });

    let stopped: Promise<void> | null = null;
    const stop = async (reason: string): Promise<void> => {
      stopping = true;
      clearInterval(looking);
      await sync.stop();
      gates.stop();
      await server.close();
      condition.close();
      await devices.stop();
      await presence.stop();
      readings.flush();
      const { lastSyncedAt } = sync.state;
      if (lastSyncedAt !== null) lastSyncs.write({ lastSyncedAt });
      record({ ...ofTheMachine, type: 'service.stopped', data: { reason: reason.slice(0, 500) } });
      closers.splice(0);
      journal.close();
      lock.release();
      log.info('Stopped', { reason });
    };
    return {
      socketPath,
      deviceId: journal.deviceId,
      journal,
      enrolled: () => sync.enrolment !== null,
      sync: () => sync.state,
      clockOffsetMs: () => sync.clockOffsetMs,
      stop: (reason) => (stopped ??= stop(reason)),
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** What was last recorded of this type, as JSON; null where nothing was, or retention removed it. */
function lastData(journal: Journal, type: 'machine.posture' | 'machine.inventory'): string | null {
  const [record] = journal.recordsOfType(type, undefined, 1);
  const body = record?.body ?? null;
  return body === null ? null : canonicalJson(body.data);
}

/** Did the last run end in order? Read before this run's own start is recorded. */
function previousStop(journal: Journal): EventData<'service.started'>['previousStop'] {
  const [start] = journal.recordsOfType('service.started', undefined, 1);
  if (start === undefined) return 'none';
  const [stop] = journal.recordsOfType('service.stopped', undefined, 1);
  if (stop === undefined) return 'unclean';
  const after = stop.epoch === start.epoch ? stop.seq > start.seq : stop.epoch > start.epoch;
  return after ? 'clean' : 'unclean';
}
