import { Drawer } from '@mantine/core';
import { Menu } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import type { ConsoleUser } from '../../../src/contract/console.ts';
import { Mark } from './Mark.tsx';
import { Rail } from './Rail.tsx';
import styles from './frame.module.css';

/** Rail on the left, the page on the right; on a small screen a bar on top with the rail in a drawer. */
export function Frame({ user, children }: { user: ConsoleUser; children: ReactNode }) {
  const [path] = useLocation();
  const [openAt, setOpenAt] = useState<string | null>(null);
  return (
    <div className={styles['frame']}>
      <a className={styles['skip']} href="#content">
        Skip to the content
      </a>
      <header className={styles['bar']}>
        <button
          type="button"
          className={styles['menu']}
          aria-label="Open the menu"
          aria-expanded={openAt === path}
          onClick={() => {
            setOpenAt(path);
          }}
        >
          <Menu size={20} aria-hidden />
        </button>
        <Link href="/" className={styles['brand'] ?? ''}>
          <Mark size={24} /> Usher
        </Link>
      </header>
      <div className={styles['rail']}>
        <Rail user={user} />
      </div>
      <Drawer
        opened={openAt === path}
        onClose={() => {
          setOpenAt(null);
        }}
        size={264}
        title="Menu"
        closeButtonProps={{ 'aria-label': 'Close the menu' }}
      >
        <Rail user={user} />
      </Drawer>
      <main id="content" className={styles['content']} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
