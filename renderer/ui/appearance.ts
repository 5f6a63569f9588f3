import { createContext, useContext } from 'react';

export type Scheme = 'auto' | 'light' | 'dark';
export const textScales = [1, 1.15, 1.3, 1.5] as const;

/** How a person wants to see pages. */
export interface Appearance {
  scheme: Scheme;
  /** One of `textScales`, relative to the page's own size. */
  textScale: number;
  moreContrast: boolean;
}
export const usualAppearance: Appearance = { scheme: 'auto', textScale: 1, moreContrast: false };

export interface AppearanceControl extends Appearance {
  /** What `auto` comes to right now. */
  dark: boolean;
  change(appearance: Partial<Appearance>): void;
}

export const AppearanceContext = createContext<AppearanceControl | null>(null);

/** The person's choices of light or dark, text size and contrast, and how to change them. */
export function useAppearance(): AppearanceControl {
  const control = useContext(AppearanceContext);
  if (control === null) throw new Error('useAppearance is used outside UsherProvider.');
  return control;
}

const storageKey = 'usher-appearance';

/** Reads the choice kept in this browser; anything unreadable counts as no choice. */
export function readAppearance(storage: Pick<Storage, 'getItem'>): Appearance {
  try {
    const kept: unknown = JSON.parse(storage.getItem(storageKey) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return usualAppearance;
    const scheme = 'scheme' in kept ? kept.scheme : undefined;
    const scale = 'textScale' in kept ? kept.textScale : undefined;
    return {
      scheme: scheme === 'light' || scheme === 'dark' ? scheme : 'auto',
      textScale: textScales.find((one) => one === scale) ?? 1,
      moreContrast: 'moreContrast' in kept && kept.moreContrast === true,
    };
  } catch {
    return usualAppearance;
  }
}

/** Keeps the choice; a browser that keeps nothing is no error. */
export function keepAppearance(storage: Pick<Storage, 'setItem'>, appearance: Appearance): void {
  try {
    storage.setItem(storageKey, JSON.stringify(appearance));
  } catch {
    return;
  }
}
