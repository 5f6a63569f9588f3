import type { ComponentType, ReactNode } from 'react';
import type { Permission } from '../../../src/contract/roles.ts';
import { AlertsPage } from '../alerts/AlertsPage.tsx';
import { AuditPage } from './audit/AuditPage.tsx';
import { OpeningsPage } from './OpeningsPage.tsx';
import { SchoolsPage } from './SchoolsPage.tsx';
import { UsersPage } from './users/UsersPage.tsx';
import { PrivacyPage } from './privacy/PrivacyPage.tsx';
import { OfficesPage } from './OfficesPage.tsx';
import { SchoolHoursPage } from './SchoolHoursPage.tsx';
import { YouPage } from './YouPage.tsx';

/** One page under Settings. `openId` is the detail that is open in its side panel, from the address. */
export interface SettingsSection {
  path: string;
  word: string;
  /** One sentence under the title. */
  lead: string;
  /** Who is offered it; null for everybody. */
  permission: Permission | null;
  page: ComponentType<{ openId: string | null; toolbar: ReactNode; lead: string }>;
}

/** In the order they are offered. The first is where Settings opens. */
export const settingsSections: readonly SettingsSection[] = [
  { path: 'you', word: 'You', lead: 'How you sign in, and what you may do here.', permission: null, page: YouPage },
  {
    path: 'alerts',
    word: 'Alerts',
    lead: 'What you are told of, and where events go.',
    permission: 'alerts.read',
    page: AlertsPage,
  },
  {
    path: 'users',
    word: 'Users',
    lead: 'Who may sign in to this console, and what for.',
    permission: 'users.read',
    page: UsersPage,
  },
  {
    path: 'schools',
    word: 'Schools',
    lead: 'The schools of the trust. Machines and people belong to one of them.',
    permission: 'users.read',
    page: SchoolsPage,
  },
  {
    path: 'offices',
    word: 'Offices',
    lead: 'Who is headteacher and business manager of which school. They give second signatures.',
    permission: 'users.read',
    page: OfficesPage,
  },
  {
    path: 'school-hours',
    word: 'School hours',
    lead: 'When machines are expected to be heard of, and after how long silence is reported.',
    permission: 'machines.read',
    page: SchoolHoursPage,
  },
  {
    path: 'openings',
    word: 'Openings',
    lead: 'Who looked into whose record and why, and who is asking to.',
    permission: 'person.open',
    page: OpeningsPage,
  },
  {
    path: 'audit',
    word: 'Audit trail',
    lead: 'Everything that was done in this console. Nothing of it can be changed.',
    permission: 'audit.read',
    page: AuditPage,
  },
  {
    path: 'privacy',
    word: 'Privacy',
    lead: 'How long things are kept, what is held, and what people have a right to.',
    permission: 'retention.read',
    page: PrivacyPage,
  },
];
