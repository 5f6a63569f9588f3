import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/queries.ts';
import { NotFoundPage } from '../frame/NotFoundPage.tsx';
import { usePageTitle } from '../frame/page-title.ts';
import { Views } from '../parts/Views.tsx';
import { settingsSections } from './settings-sections.tsx';

/** Settings: several pages, each with an address of its own, offered to those who may use them. */
export function SettingsPage({ section, openId }: { section: string | null; openId: string | null }) {
  const me = useQuery(meQuery).data;
  const allowed = me === undefined || me.setUp === 'needed' ? [] : me.permissions;
  const offered = settingsSections.filter(({ permission }) => permission === null || allowed.includes(permission));
  const open = section === null ? offered[0] : offered.find(({ path }) => path === section);
  usePageTitle(open === undefined ? 'Settings' : `${open.word} · Settings`);
  if (open === undefined) return <NotFoundPage />;
  const { page: Page, lead } = open;
  const views = offered.map(({ path, word }) => ({ href: `/settings/${path}`, word, here: path === open.path }));
  return <Page openId={openId} lead={lead} toolbar={<Views label="Settings" views={views} />} />;
}
