import type { StoreOrTransaction } from '../store/database.ts';
import { keptQuery } from '../store/kept-query.ts';
import { answeredSince } from './permits.ts';
import { askedSince } from './requests.ts';

/** What there is for one machine to hear about USB devices. */
export interface MachineOutlook {
  /** Is anything allowed on it, or at its school? */
  hasGrants: boolean;
  /** Was anybody at it answered? */
  hasAnswers: boolean;
  /** Does somebody at it wait for an answer? */
  waits: boolean;
  /** The permits that it was given last. */
  permits: { digest: string; issuedAt: string; codeKey: string } | null;
}

const look = keptQuery(
  (
    store,
    given: { trustId: string; schoolId: string; deviceId: string; now: string; answered: string; asked: string },
  ) =>
    store
      .selectFrom('devices')
      .leftJoin('usb_permits', (join) =>
        join
          .onRef('usb_permits.trust_id', '=', 'devices.trust_id')
          .onRef('usb_permits.device_id', '=', 'devices.device_id'),
      )
      .select((row) => [
        'usb_permits.digest',
        'usb_permits.issued_at',
        'usb_permits.code_key',
        row
          .exists(
            row
              .selectFrom('usb_grants')
              .select('usb_grants.grant_id')
              .where('usb_grants.trust_id', '=', given.trustId)
              .where('usb_grants.school_id', '=', given.schoolId)
              .where('usb_grants.until', '>', given.now)
              .where('usb_grants.revoked_at', 'is', null),
          )
          .as('has_grants'),
        row
          .exists(
            row
              .selectFrom('usb_requests')
              .select('usb_requests.request_id')
              .where('usb_requests.trust_id', '=', given.trustId)
              .where('usb_requests.device_id', '=', given.deviceId)
              .where('usb_requests.state', '!=', 'open')
              .where('usb_requests.answered_at', '>', given.answered),
          )
          .as('has_answers'),
        row
          .exists(
            row
              .selectFrom('usb_requests')
              .select('usb_requests.request_id')
              .where('usb_requests.trust_id', '=', given.trustId)
              .where('usb_requests.device_id', '=', given.deviceId)
              .where('usb_requests.state', '=', 'open')
              .where('usb_requests.asked_at', '>', given.asked),
          )
          .as('waits'),
      ])
      .where('devices.trust_id', '=', given.trustId)
      .where('devices.device_id', '=', given.deviceId),
);

/** One look at everything of which there mostly is nothing, so that every exchange need not ask for each. */
export async function machineOutlook(
  store: StoreOrTransaction,
  machine: { trustId: string; schoolId: string; deviceId: string },
  now: Date,
): Promise<MachineOutlook> {
  const moments = { now: now.toISOString(), answered: answeredSince(now), asked: askedSince(now) };
  const [row] = await look(store, { ...machine, ...moments });
  const { digest = null, issued_at: issuedAt = null, code_key: codeKey = null } = row ?? {};
  return {
    hasGrants: Boolean(row?.has_grants),
    hasAnswers: Boolean(row?.has_answers),
    waits: Boolean(row?.waits),
    permits: digest === null || issuedAt === null || codeKey === null ? null : { digest, issuedAt, codeKey },
  };
}
