import type { ComponentType, ReactNode } from 'react';
import type { Permission } from '../../../src/contract/roles.ts';
import { AlertsPage } from '../alerts/AlertsPage.tsx';
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
];
