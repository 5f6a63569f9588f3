import type { EventDraft } from '../../contract/event.ts';
import type { ClauseReference, SessionNotice } from '../../contract/lock.ts';
import type { SignedPolicy } from '../../contract/policy.ts';
import { accepted, refused, type Outcome } from '../../contract/problem.ts';
import { DeviceGone, type DeviceEvent, type Machine, type Peer, type SeenDevice } from '../../machine/index.ts';
import { checkOfflineCode, deviceCodeOf } from '../../proof/index.ts';
import { clauseReferenceOf } from '../../rules/idle-lock/lock-terms.ts';
import type { Moment } from '../../rules/moment.ts';
import type { UsbSurroundings } from '../../rules/usb/decide-device.ts';
import {
  devicesWakeAtMs,
  noDevices,
  stepDeviceControl,
  type DeviceControlEffect,
  type DeviceControlInput,
  type DeviceControlState,
  type Plug,
} from '../../rules/usb/device-control.ts';
import { deviceKey } from '../../rules/usb/device-text.ts';
import { momentWords } from '../../words/state-words.ts';
import { ofTheMachine } from '../journal-outcome.ts';
import type { KeptFile } from '../kept-file.ts';
import type { PermitStore } from '../permit-store.ts';
import type { Front, Presence } from '../presence/presence.ts';
import type { ServiceLog } from '../service-log.ts';
import { CodeAttempts } from './code-attempts.ts';
import { describeDevice } from './describe-device.ts';
import { deviceNoticeOf } from './device-notices.ts';
import type { KeptDevices } from './kept-devices.ts';

export interface DeviceDeskOptions {
  machine: Pick<Machine, 'devices' | 'uptimeMs'>;
  deviceId: string;
  school: () => string | null;
  machineGroup: string | null;
  policy: SignedPolicy | null;
  permits: PermitStore;
  presence: Pick<Presence, 'front' | 'lockSession'>;
  kept: KeptFile<KeptDevices>;
  moment: () => Moment;
  /** Strong random bytes. */
  random: (bytes: number) => Uint8Array;
  log: ServiceLog;
  record(draft: EventDraft): boolean;
  /** The views of whoever is at the machine are to be sent again. */
  onChange(): void;
  /** IT should hear of it at once. */
  onUrgent(): void;
}

const longestWaitMs = 60 * 60_000;

/** What is plugged in, what may be used, and what the person at the machine is told of it. */
export class DeviceDesk {
  readonly #options: DeviceDeskOptions;
  readonly #attempts: CodeAttempts;
  readonly #places = new Map<string, string>();
  readonly #dismissed = new Set<string>();
  readonly #troubles = new Map<'watch' | 'hold', string>();
  #state: DeviceControlState = noDevices;
  #policy: SignedPolicy | null;
  #front: Front | null = null;
  #antivirusCurrent: boolean | null = null;
  #nonce: string;
  #recalled: KeptDevices['plugs'];
  #watching: { close(): Promise<void> } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: DeviceDeskOptions) {
    this.#options = options;
    this.#policy = options.policy;
    const kept = options.kept.read();
    this.#nonce = kept?.nonce ?? this.#fresh();
    this.#recalled = kept?.plugs ?? [];
    this.#attempts = new CodeAttempts(() => options.moment().uptimeMs, kept?.wrongCodes ?? 0);
  }

  start(): void {
    this.#front = this.#options.presence.front;
    if (this.#front?.locked === true) this.#take({ kind: 'screen', locked: true });
    void this.#holdNew();
    this.#watching = this.#options.machine.devices.watch((event) => this.#onDevice(event));
  }

  /** What is held stays held; what comes in later is the system's own business again. */
  async stop(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#watching?.close();
    await this.#options.machine.devices.holdNew(false).catch(() => false);
  }

  policyArrived(policy: SignedPolicy | null): void {
    this.#policy = policy;
    void this.#holdNew();
    this.#take({ kind: 'surroundings', occasion: 'policyChanged' });
  }

  permitsArrived(): void {
    this.#take({ kind: 'answered', answers: this.#options.permits.current?.answers ?? [] });
    this.#take({ kind: 'surroundings', occasion: 'grantArrived' });
  }

  antivirusKnown(current: boolean | null): void {
    if (current === this.#antivirusCurrent) return;
    this.#antivirusCurrent = current;
    this.#take({ kind: 'surroundings', occasion: 'conditionsKnown' });
  }

  /** Somebody came to the front, went away, or the screen locked or opened. */
  presenceChanged(): void {
    const before = this.#front;
    this.#front = this.#options.presence.front;
    const locked = this.#front?.locked === true;
    if (locked !== (this.#state.lockedWith !== null)) this.#take({ kind: 'screen', locked });
    if (before?.account.name !== this.#front?.account.name) {
      this.#take({ kind: 'surroundings', occasion: 'personChanged' });
    }
  }

  /** What whoever is in front is told about devices. */
  notices(peer: Peer): SessionNotice[] {
    if (this.#front?.session !== peer.session) return [];
    const { moment } = this.#options;
    const parts = {
      clauseOf: (id: string): ClauseReference | null =>
        this.#policy === null ? null : clauseReferenceOf(this.#policy, id),
      deviceCodeOf: (plug: Plug) => this.#deviceCodeOf(plug),
      momentWords: (atMs: number) => {
        const { locale, timeZone } = new Intl.DateTimeFormat('en-GB').resolvedOptions();
        return momentWords(new Date(atMs), new Date(moment().atMs), { language: locale, timeZone });
      },
      atMs: moment().atMs,
    };
    return Object.values(this.#state.plugs)
      .map((plug) => deviceNoticeOf(plug, parts))
      .filter((notice) => notice !== null && !this.#dismissed.has(notice.id))
      .filter((notice) => notice !== null)
      .reverse();
  }

  /** @returns whether it was one of ours. */
  dismiss(peer: Peer, noticeId: string): boolean {
    if (!this.notices(peer).some(({ id }) => id === noticeId)) return false;
    this.#dismissed.add(noticeId);
    this.#options.onChange();
    return true;
  }

  /** Sentences for the tray when devices cannot be seen or held here. */
  get troubles(): string[] {
    return [...this.#troubles.values()];
  }

  ask(peer: Peer, plugId: string, reason: string): Outcome<null> {
    const found = this.#heldFor(peer, plugId);
    if (!found.ok) return found;
    const { verdict, request } = found.value;
    if (verdict.action !== 'ask' || !verdict.mayBeExcepted) {
      return refused('usb.mayNotAsk', 'The policy allows no exception for this device, so nobody can be asked.');
    }
    if (request !== null && request.answer === null) {
      return refused('usb.askedAlready', 'IT was asked already. You are told here as soon as they answer.');
    }
    const recorded = this.#take({ kind: 'asked', id: plugId, requestId: this.#fresh(), reason });
    if (recorded) return accepted(null);
    return refused(
      'usb.notRecorded',
      'Your request could not be written to this computer’s record. Tell IT in person.',
    );
  }

  enterCode(peer: Peer, plugId: string, code: string): Outcome<null> {
    const found = this.#heldFor(peer, plugId);
    if (!found.ok) return found;
    const plug = found.value;
    const deviceCode = this.#deviceCodeOf(plug);
    const codeKey = this.#options.permits.current?.codeKey;
    if (deviceCode === null || codeKey === undefined || !plug.verdict.mayBeExcepted) {
      return refused('usb.noCodes', 'No code can be checked for this device on this computer.');
    }
    const waitSeconds = this.#attempts.waitSeconds();
    if (waitSeconds > 0) {
      if (this.#attempts.refuseOnce())
        this.#take({ kind: 'codeEntered', id: plugId, outcome: 'tooMany', minutes: null });
      return refused('usb.tooManyCodes', `Too many codes were wrong. Try again in ${waitSeconds} seconds.`, 'code');
    }
    const { outcome, minutes } = checkOfflineCode(codeKey, deviceCode, code, this.#options.moment().atMs);
    if (outcome === 'accepted') {
      // No code works twice: the device has another name from now on, on disk before it is let in.
      this.#nonce = this.#fresh();
      this.#attempts.right();
    } else this.#attempts.wrong();
    if (!this.#keep()) {
      return refused('usb.notRecorded', 'The code could not be written to this computer’s record. Tell IT.', 'code');
    }
    this.#take({ kind: 'codeEntered', id: plugId, outcome, minutes });
    if (outcome === 'accepted') return accepted(null);
    return outcome === 'expired'
      ? refused('usb.codeExpired', 'This code was right and is too old by now. Ask IT for a new one.', 'code')
      : refused(
          'usb.codeWrong',
          'This code is not right for this device on this computer. Check every letter.',
          'code',
        );
  }

  #heldFor(peer: Peer, plugId: string): { ok: true; value: Plug } | ReturnType<typeof refused> {
    const plug = this.#state.plugs[plugId];
    if (plug === undefined || this.#front?.session !== peer.session) {
      return refused('usb.unknownPlug', 'This device is not plugged in any more.', 'plug');
    }
    if (plug.want === 'use') return refused('usb.allowedAlready', 'This device may be used already.', 'plug');
    return { ok: true, value: plug };
  }

  #deviceCodeOf(plug: Plug): string | null {
    const { permits, deviceId } = this.#options;
    return permits.current === null
      ? null
      : deviceCodeOf(deviceId, this.#nonce, `${deviceKey(plug.device)} ${plug.id}`);
  }

  #onDevice(event: DeviceEvent): void {
    switch (event.kind) {
      case 'present':
        return this.#present(event.devices);
      case 'arrived':
        return this.#arrived(event.device, event.toldMs, 'new');
      case 'left': {
        const id = this.#places.get(event.at);
        this.#places.delete(event.at);
        if (id !== undefined) this.#take({ kind: 'left', id });
        return;
      }
      case 'unavailable':
        return this.#trouble('watch', `USB devices cannot be seen on this computer: ${event.why}`);
    }
  }

  /** What was there at the start, and what was there before and is not any more. */
  #present(devices: readonly SeenDevice[]): void {
    this.#trouble('watch', null);
    const { moment } = this.#options;
    for (const seen of devices) this.#arrived(seen, moment().uptimeMs, 'atStart');
    for (const { id, device } of this.#recalled.splice(0)) {
      this.#options.record({
        ...ofTheMachine,
        subject: deviceKey(device),
        type: 'usb.removed',
        data: { plug: id, device, how: 'notSeenAgain', pluggedSeconds: 0 },
      });
    }
    this.#keep();
  }

  #arrived(seen: SeenDevice, toldMs: number, when: 'new' | 'atStart'): void {
    const device = describeDevice(seen);
    const place = this.#recalled.findIndex(
      (one) => one.device.port === device.port && deviceKey(one.device) === deviceKey(device),
    );
    const [before] = when === 'atStart' && place !== -1 ? this.#recalled.splice(place, 1) : [];
    const id = before?.id ?? this.#fresh(9);
    this.#places.set(seen.at, id);
    this.#take({
      kind: 'arrived',
      id,
      device,
      usable: seen.usable,
      toldMs,
      atStart: when === 'atStart',
      before: before ?? null,
    });
    this.#learn(id);
  }

  /** Asks for what the system tells only of a disk in use. */
  #learn(id: string): void {
    const plug = this.#state.plugs[id];
    const at = this.#placeOf(id);
    if (plug === undefined || at === null || plug.want !== 'use' || plug.device.capacityBytes !== null) return;
    if (!plug.device.kinds.includes('storage') && !plug.device.kinds.includes('optical')) return;
    void this.#options.machine.devices.driveFacts(at).then((facts) => {
      if (facts === null || this.#placeOf(id) !== at) return;
      const { capacityBytes, optical, severalSlots } = facts;
      this.#take({ kind: 'learnt', id, capacityBytes, optical, severalSlots });
    });
  }

  /** @returns whether everything that was to be recorded is. */
  #take(input: DeviceControlInput): boolean {
    if (this.#closed) return true;
    const { moment, log } = this.#options;
    const now = moment();
    const before = this.#state;
    const { state, effects } = stepDeviceControl(before, input, this.#surroundings(now), now);
    this.#state = state;
    let recorded = true;
    for (const effect of effects) recorded = this.#carryOut(effect) && recorded;
    if (input.kind === 'asked' && !recorded) {
      // Nothing was asked as long as it is not on record.
      this.#state = before;
      log.error('A request for a device could not be recorded', {});
    }
    if (state !== before) {
      this.#arrange();
      if (input.kind !== 'arrived' || input.before === null) this.#keep();
      this.#options.onChange();
    }
    return recorded;
  }

  #surroundings(now: Moment): UsbSurroundings {
    const { deviceId, school, machineGroup, permits } = this.#options;
    return {
      usb: this.#policy?.policy.rules?.usb ?? null,
      policyVersion: this.#policy?.version ?? null,
      grants: permits.current?.grants ?? [],
      accountName: this.#front?.account.name ?? null,
      school: school(),
      machineGroup,
      machine: deviceId,
      atMs: now.atMs,
      antivirusCurrent: this.#antivirusCurrent,
    };
  }

  #carryOut(effect: DeviceControlEffect): boolean {
    const { machine, presence, record, onUrgent } = this.#options;
    switch (effect.kind) {
      case 'record': {
        const { account = null, session = null } = this.#front ?? {};
        const recorded = record({ ...effect.event, account, session, subject: effect.subject, rule: effect.rule });
        onUrgent();
        return recorded;
      }
      case 'hold':
        this.#ask(
          effect.id,
          (at) => machine.devices.hold(at),
          (why) => ({ kind: 'holdEnded', id: effect.id, why }),
        );
        return true;
      case 'release':
        this.#ask(
          effect.id,
          (at) => machine.devices.release(at),
          (why) => ({ kind: 'releaseEnded', id: effect.id, why }),
          () => this.#learn(effect.id),
        );
        return true;
      case 'inspect':
        void this.#inspect(effect.id);
        return true;
      case 'lockScreen':
        if (this.#front !== null) presence.lockSession(this.#front.session, 'usb', effect.rule);
        return true;
    }
  }

  /** Begins at once, in the same turn; says how it ended. A device that went away in the middle has left. */
  #ask(
    id: string,
    act: (at: string) => Promise<void>,
    said: (why: string | null) => DeviceControlInput,
    then?: () => void,
  ): void {
    const at = this.#placeOf(id);
    if (at === null) return;
    act(at).then(
      () => {
        this.#take(said(null));
        then?.();
      },
      (error: unknown) => {
        if (error instanceof DeviceGone) this.#onDevice({ kind: 'left', at });
        else this.#take(said(sentenceOf(error)));
      },
    );
  }

  /** Lets a disk in, reads whether it is encrypted, and puts it out again unless it is. */
  async #inspect(id: string): Promise<void> {
    const at = this.#placeOf(id);
    if (at === null) return;
    const { devices, uptimeMs } = this.#options.machine;
    const letInMs = uptimeMs();
    let usableNow = false;
    let facts: Awaited<ReturnType<typeof devices.driveFacts>> = null;
    try {
      await devices.release(at);
      usableNow = true;
      facts = await devices.driveFacts(at);
      if (facts?.encrypted !== true) {
        await devices.hold(at);
        usableNow = false;
      }
    } catch (error) {
      if (error instanceof DeviceGone) return this.#onDevice({ kind: 'left', at });
      this.#options.log.warn('A disk could not be looked at', { why: sentenceOf(error) });
    }
    const { encrypted = null, capacityBytes = null } = facts ?? {};
    this.#take({ kind: 'inspected', id, encrypted: encrypted ?? false, capacityBytes, usableNow, letInMs });
  }

  #placeOf(id: string): string | null {
    for (const [at, one] of this.#places) if (one === id) return at;
    return null;
  }

  async #holdNew(): Promise<void> {
    const usb = this.#policy?.policy.rules?.usb;
    const on = usb !== undefined && usb.reportOnly !== true;
    try {
      await this.#options.machine.devices.holdNew(on);
      this.#trouble('hold', null);
    } catch (error) {
      this.#trouble('hold', `New USB devices cannot be held before they are used: ${sentenceOf(error)}`);
    }
  }

  #trouble(what: 'watch' | 'hold', why: string | null): void {
    const { log, record, onChange } = this.#options;
    if ((this.#troubles.get(what) ?? null) === why) return;
    if (why === null) this.#troubles.delete(what);
    else {
      this.#troubles.set(what, why);
      log.error(why);
    }
    record(
      why === null
        ? { ...ofTheMachine, type: 'usb.controlRestored', data: { what } }
        : { ...ofTheMachine, type: 'usb.controlFailed', data: { what, why: why.slice(0, 500) } },
    );
    onChange();
  }

  #arrange(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const { moment } = this.#options;
    const wakeAt = devicesWakeAtMs(this.#state, moment());
    if (wakeAt === null) return;
    // The wall clock may be moved meanwhile: looked at again at least every hour.
    const inMs = Math.min(Math.max(20, Math.ceil(wakeAt - moment().uptimeMs)), longestWaitMs);
    this.#timer = setTimeout(() => this.#take({ kind: 'timePassed' }), inMs);
  }

  #keep(): boolean {
    const plugs = Object.values(this.#state.plugs).map(({ id, device, verdict, codeUntilMs, request }) => {
      const { action, lockScreen, reportOnly, by, kind } = verdict;
      return { id, device, decision: { action, lockScreen, reportOnly, by, kind }, codeUntilMs, request };
    });
    try {
      this.#options.kept.write({
        nonce: this.#nonce,
        wrongCodes: this.#attempts.wrongCodes,
        plugs: [...plugs, ...this.#recalled].slice(0, 1_000),
      });
      return true;
    } catch (error) {
      this.#options.log.error('The list of devices could not be kept', { why: sentenceOf(error) });
      return false;
    }
  }

  /** @returns random letters, 4 for every 3 bytes. */
  #fresh(bytes = 15): string {
    return Buffer.from(this.#options.random(bytes)).toString('base64url');
  }
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);
