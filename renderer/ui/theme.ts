import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

/** Every value here points at a token in tokens.css; nothing is decided in this file. */
const teal: MantineColorsTuple = [
  'var(--teal-0)',
  'var(--teal-1)',
  'var(--teal-2)',
  'var(--teal-3)',
  'var(--teal-4)',
  'var(--teal-5)',
  'var(--teal-6)',
  'var(--teal-7)',
  'var(--teal-8)',
  'var(--teal-9)',
];

type Tone = 'accent' | 'amber' | 'red' | 'ink';
const toneOf = (color: string | undefined): Tone => {
  if (color === 'red') return 'red';
  if (color === 'yellow' || color === 'orange' || color === 'amber') return 'amber';
  if (color === 'gray' || color === 'dark') return 'ink';
  return 'accent';
};

const filled = {
  accent: { background: 'var(--accent)', hover: 'var(--accent-strong)', color: 'var(--on-accent)' },
  red: { background: 'var(--red)', hover: 'var(--red-strong)', color: 'var(--on-red)' },
  amber: { background: 'var(--amber)', hover: 'var(--amber)', color: 'var(--surface)' },
  ink: { background: 'var(--ink)', hover: 'var(--ink-soft)', color: 'var(--paper)' },
} as const;
const washed = {
  accent: { background: 'var(--accent-wash)', color: 'var(--accent)', edge: 'var(--accent-edge)' },
  red: { background: 'var(--red-wash)', color: 'var(--red)', edge: 'var(--red-edge)' },
  amber: { background: 'var(--amber-wash)', color: 'var(--amber)', edge: 'var(--amber-edge)' },
  ink: { background: 'var(--sunken)', color: 'var(--ink)', edge: 'var(--edge)' },
} as const;

const variantColorResolver: VariantColorsResolver = (input) => {
  const tone = toneOf(input.color ?? input.theme.primaryColor);
  const full = filled[tone];
  const wash = washed[tone];
  switch (input.variant) {
    case 'filled':
      return { background: full.background, hover: full.hover, color: full.color, border: '1px solid transparent' };
    case 'light':
      return {
        background: wash.background,
        hover: wash.background,
        color: wash.color,
        border: '1px solid transparent',
      };
    case 'outline':
      return {
        background: 'transparent',
        hover: wash.background,
        color: wash.color,
        border: `1px solid ${wash.color}`,
      };
    case 'default':
      return {
        background: 'var(--surface)',
        hover: 'var(--sunken)',
        color: 'var(--ink)',
        border: '1px solid var(--edge)',
      };
    case 'subtle':
    case 'transparent':
      return {
        background: 'transparent',
        hover: input.variant === 'subtle' ? wash.background : 'transparent',
        color: wash.color,
        border: '1px solid transparent',
      };
    default:
      return defaultVariantColorsResolver(input);
  }
};

const sizes = { xs: 'var(--tiny)', sm: 'var(--small)', md: 'var(--body)', lg: 'var(--lead)', xl: 'var(--heading)' };

/** Mantine's theme, built from the tokens. Colours answer to light, dark and contrast by themselves. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 3 },
  colors: { teal },
  fontFamily: 'var(--family)',
  fontFamilyMonospace: 'var(--family-code)',
  headings: {
    fontFamily: 'var(--family)',
    fontWeight: '700',
    sizes: {
      h1: { fontSize: 'var(--title)', lineHeight: 'var(--leading-tight)' },
      h2: { fontSize: 'var(--heading)', lineHeight: 'var(--leading-tight)' },
      h3: { fontSize: 'var(--lead)', lineHeight: 'var(--leading-tight)' },
      h4: { fontSize: 'var(--body)', lineHeight: 'var(--leading-tight)' },
    },
  },
  fontSizes: sizes,
  spacing: {
    xs: 'var(--space-1)',
    sm: 'var(--space-1)',
    md: 'var(--space-2)',
    lg: 'var(--space-3)',
    xl: 'var(--space-4)',
  },
  radius: {
    xs: 'var(--radius-small)',
    sm: 'var(--radius-small)',
    md: 'var(--radius)',
    lg: 'var(--radius-large)',
    xl: 'var(--radius-large)',
  },
  defaultRadius: 'md',
  shadows: {
    xs: 'var(--shadow)',
    sm: 'var(--shadow)',
    md: 'var(--shadow)',
    lg: 'var(--shadow-raised)',
    xl: 'var(--shadow-raised)',
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'never',
  variantColorResolver,
});

const grounds = {
  '--mantine-color-body': 'var(--paper)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-soft)',
  '--mantine-color-placeholder': 'var(--ink-soft)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--red)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--sunken)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--edge)',
  '--mantine-color-teal-filled': 'var(--accent)',
  '--mantine-color-teal-filled-hover': 'var(--accent-strong)',
  '--mantine-color-teal-light': 'var(--accent-wash)',
  '--mantine-color-teal-light-hover': 'var(--accent-wash)',
  '--mantine-color-teal-light-color': 'var(--accent)',
  '--mantine-color-teal-outline': 'var(--accent)',
  '--mantine-color-teal-text': 'var(--accent)',
  '--mantine-color-red-filled': 'var(--red)',
  '--mantine-color-red-text': 'var(--red)',
  '--mantine-color-red-light': 'var(--red-wash)',
  '--mantine-color-red-light-color': 'var(--red)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
};

/** Points Mantine's own variables at the tokens, in light and in dark alike. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: { '--mantine-line-height': 'var(--leading)' },
  light: grounds,
  dark: grounds,
});
