import { CloseButton, TextInput } from '@mantine/core';
import { Search as SearchIcon } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';

export interface SearchProps {
  label: string;
  placeholder: string;
  /** What the address holds. */
  value: string | null;
  /** Called a moment after the last key, with null for nothing. */
  onChange: (value: string | null) => void;
}

const pauseMilliseconds = 250;

/** A search box that follows the address and changes it once typing pauses. */
export function Search({ label, placeholder, value, onChange }: SearchProps) {
  const [text, setText] = useState(value ?? '');
  const [followed, setFollowed] = useState(value);
  const [sent, setSent] = useState(value);
  // The address changed: take it over, unless it is our own change coming back while typing went on.
  if (followed !== value) {
    setFollowed(value);
    if (value !== sent) setText(value ?? '');
  }
  const change = useEffectEvent(onChange);
  const typed = text.trim() === '' ? null : text.trim();
  useEffect(() => {
    if (typed === value) return;
    const pause = setTimeout(() => {
      setSent(typed);
      change(typed);
    }, pauseMilliseconds);
    return () => {
      clearTimeout(pause);
    };
  }, [typed, value]);
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      value={text}
      maxLength={200}
      w={240}
      leftSection={<SearchIcon size={16} aria-hidden />}
      rightSection={
        text === '' ? null : (
          <CloseButton
            size="sm"
            aria-label="Clear the search"
            onClick={() => {
              setText('');
            }}
          />
        )
      }
      onChange={(event) => {
        setText(event.currentTarget.value);
      }}
    />
  );
}
