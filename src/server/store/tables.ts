import type { AccessTables } from './tables/access.ts';
import type { AlertsTables } from './tables/alerts.ts';
import type { IntegrityTables } from './tables/integrity.ts';
import type { MachinesTables } from './tables/machines.ts';
import type { PeopleTables } from './tables/people.ts';
import type { RecordsTables } from './tables/records.ts';
import type { RetentionTables } from './tables/retention.ts';
import type { SignInTables } from './tables/sign-in.ts';
import type { TrustTables } from './tables/trust.ts';
import type { UsbTables } from './tables/usb.ts';

export type * from './tables/access.ts';
export type * from './tables/alerts.ts';
export type * from './tables/integrity.ts';
export type * from './tables/machines.ts';
export type * from './tables/people.ts';
export type * from './tables/records.ts';
export type * from './tables/retention.ts';
export type * from './tables/sign-in.ts';
export type * from './tables/trust.ts';
export type * from './tables/usb.ts';

/**
 * The central endpoint's tables. Every table of ours is keyed with `trust_id` first (and carries `school_id` where a
 * row belongs to one school), so that the same tables distribute by trust on PostgreSQL and Citus.
 * Instants are text in the form of `Date.prototype.toISOString`; they sort as they read.
 */
export interface Tables
  extends
    TrustTables,
    MachinesTables,
    RecordsTables,
    PeopleTables,
    UsbTables,
    AlertsTables,
    SignInTables,
    AccessTables,
    IntegrityTables,
    RetentionTables {}
