import { AArrowDown, AArrowUp, Contrast, Moon, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import { textScales, useAppearance } from './appearance.ts';
import { uiWords } from './words.ts';
import './AppearanceTools.css';

const words = uiWords.appearance;

/** Text size, contrast, light or dark; more tools of the page come in as children. */
export function AppearanceTools({ children }: { children?: ReactNode }) {
  const { textScale, moreContrast, dark, change } = useAppearance();
  const step = textScales.findIndex((scale) => scale === textScale);
  const smaller = textScales[step - 1];
  const larger = textScales[step + 1];
  return (
    <div className="tools" role="group" aria-label={words.group}>
      <ToolButton
        name={words.smaller}
        disabled={smaller === undefined}
        onPress={() => smaller !== undefined && change({ textScale: smaller })}
      >
        <AArrowDown aria-hidden />
      </ToolButton>
      <ToolButton
        name={words.larger}
        disabled={larger === undefined}
        onPress={() => larger !== undefined && change({ textScale: larger })}
      >
        <AArrowUp aria-hidden />
      </ToolButton>
      <ToolButton name={words.contrast} pressed={moreContrast} onPress={() => change({ moreContrast: !moreContrast })}>
        <Contrast aria-hidden />
      </ToolButton>
      <ToolButton name={words.dark} pressed={dark} onPress={() => change({ scheme: dark ? 'light' : 'dark' })}>
        {dark ? <Sun aria-hidden /> : <Moon aria-hidden />}
      </ToolButton>
      {children}
    </div>
  );
}

export interface ToolButtonProps {
  name: string;
  /** Given for tools that stay on. */
  pressed?: boolean;
  disabled?: boolean;
  onPress: () => void;
  children: ReactNode;
}

/** A square button with an icon; its name shows on hover and is read out. */
export function ToolButton({ name, pressed, disabled = false, onPress, children }: ToolButtonProps) {
  return (
    <button
      type="button"
      className="tool"
      title={name}
      aria-label={name}
      aria-pressed={pressed}
      aria-disabled={disabled ? true : undefined}
      onClick={() => {
        if (!disabled) onPress();
      }}
    >
      {children}
    </button>
  );
}
