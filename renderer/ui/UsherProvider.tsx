import '@mantine/core/styles.layer.css';
import '@fontsource/atkinson-hyperlegible/400.css';
import '@fontsource/atkinson-hyperlegible/400-italic.css';
import '@fontsource/atkinson-hyperlegible/700.css';
import './tokens.css';
import './base.css';
import { MantineProvider } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useLayoutEffect, useMemo, useState, type ReactNode } from 'react';
import { AppearanceContext, keepAppearance, readAppearance, type Appearance } from './appearance.ts';
import { cssVariablesResolver, theme } from './theme.ts';

export interface UsherProviderProps {
  /** Kiosk pages have 18 px body text, the console 15 px. */
  density: 'kiosk' | 'console';
  children: ReactNode;
}

/** What every page stands in: fonts, tokens, Mantine, and the person's choice of light or dark, size and contrast. */
export function UsherProvider({ density, children }: UsherProviderProps) {
  const [appearance, setAppearance] = useState<Appearance>(() => readAppearance(window.localStorage));
  const systemDark = useMediaQuery('(prefers-color-scheme: dark)', false, { getInitialValueInEffect: false });
  const dark = appearance.scheme === 'auto' ? systemDark : appearance.scheme === 'dark';

  useLayoutEffect(() => {
    const { dataset, style } = document.documentElement;
    dataset['density'] = density;
    dataset['theme'] = dark ? 'dark' : 'light';
    if (appearance.moreContrast) dataset['contrast'] = 'more';
    else delete dataset['contrast'];
    style.setProperty('--text-scale', String(appearance.textScale));
  }, [appearance, dark, density]);

  const control = useMemo(
    () => ({
      ...appearance,
      dark,
      change: (changed: Partial<Appearance>) => {
        const next = { ...appearance, ...changed };
        setAppearance(next);
        keepAppearance(window.localStorage, next);
      },
    }),
    [appearance, dark],
  );

  return (
    <AppearanceContext value={control}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        forceColorScheme={dark ? 'dark' : 'light'}
      >
        {children}
      </MantineProvider>
    </AppearanceContext>
  );
}
