import { useQueryClient } from '@tanstack/react-query';
import {
  Activity,
  LayoutDashboard,
  LogOut,
  Monitor,
  Moon,
  ScrollText,
  Settings,
  ShieldCheck,
  Sun,
  Usb,
  UsersRound,
  type LucideIcon,
} from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { consolePaths, type ConsoleUser } from '../../../src/contract/console.ts';
import type { Permission } from '../../../src/contract/roles.ts';
import { useAppearance } from '../../ui/index.ts';
import { signOut } from '../api/client.ts';
import { Mark } from './Mark.tsx';
import styles from './frame.module.css';

const pages: readonly { href: string; label: string; icon: LucideIcon; permission: Permission | null }[] = [
  { href: '/', label: 'Overview', icon: LayoutDashboard, permission: 'overview.read' },
  { href: '/people', label: 'People', icon: UsersRound, permission: 'people.read' },
  { href: '/events', label: 'Events', icon: Activity, permission: 'events.read' },
  { href: '/machines', label: 'Machines', icon: Monitor, permission: 'machines.read' },
  { href: '/devices', label: 'Devices', icon: Usb, permission: 'devices.read' },
  { href: '/policies', label: 'Policies', icon: ScrollText, permission: 'policies.read' },
  { href: '/integrity', label: 'Integrity', icon: ShieldCheck, permission: 'integrity.read' },
  { href: '/settings', label: 'Settings', icon: Settings, permission: null },
];

const isHere = (path: string, href: string): boolean =>
  href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);

/** Where one can go, who is signed in, and how the console looks. */
export function Rail({ user }: { user: ConsoleUser }) {
  const [path] = useLocation();
  const offered = pages.filter(({ permission }) => permission === null || user.permissions.includes(permission));
  return (
    <div className={styles['railBody']}>
      <Link href="/" className={`${styles['brand'] ?? ''} ${styles['railBrand'] ?? ''}`}>
        <Mark size={26} /> Usher
      </Link>
      <nav aria-label="Pages">
        <ul className={styles['pages']}>
          {offered.map(({ href, label, icon: Icon }) => (
            <li key={href}>
              <Link href={href} className={styles['page']} aria-current={isHere(path, href) ? 'page' : undefined}>
                <Icon size={18} aria-hidden />
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className={styles['foot']}>
        <LightOrDark />
        <SignOut />
        <p className={styles['user']}>
          <span className={styles['userLabel']}>Signed in as</span> {user.name}
        </p>
      </div>
    </div>
  );
}

function LightOrDark() {
  const { dark, change } = useAppearance();
  return (
    <button
      type="button"
      className={styles['page']}
      onClick={() => {
        change({ scheme: dark ? 'light' : 'dark' });
      }}
    >
      {dark ? <Sun size={18} aria-hidden /> : <Moon size={18} aria-hidden />}
      {dark ? 'Light' : 'Dark'}
    </button>
  );
}

function SignOut() {
  const client = useQueryClient();
  const [failed, setFailed] = useState(false);
  const [, navigate] = useLocation();
  const leave = async (): Promise<void> => {
    try {
      await signOut(consolePaths.signOut);
      client.clear();
      navigate('/sign-in');
    } catch {
      setFailed(true);
    }
  };
  return (
    <>
      <button type="button" className={styles['page']} onClick={() => void leave()}>
        <LogOut size={18} aria-hidden />
        Sign out
      </button>
      {failed ? (
        <p className={styles['failed']} role="alert">
          You are still signed in: the server could not be reached. Try again.
        </p>
      ) : null}
    </>
  );
}
