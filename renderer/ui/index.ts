export { UsherProvider, type UsherProviderProps } from './UsherProvider.tsx';
export { useAppearance, textScales, type Appearance, type AppearanceControl, type Scheme } from './appearance.ts';
export { theme, cssVariablesResolver } from './theme.ts';
