import { useCallback, useEffect, useState } from 'react';
import { everySection, type Section } from '../../../src/contract/policy.ts';
import { plainTextOf } from '../text-segments.ts';

export interface ReadAloud {
  /** This computer has a voice of its own. Voices that send the text elsewhere are never used. */
  available: boolean;
  speaking: boolean;
  /** Id of the clause being read. */
  clause: string | null;
  start(fromSection: string | null): void;
  stop(): void;
}

/** Reads a policy aloud with the computer's own voice, clause by clause. */
export function useReadAloud(sections: readonly Section[], language: string): ReadAloud {
  const [voice, setVoice] = useState<SpeechSynthesisVoice | null>(null);
  const [clause, setClause] = useState<string | null>(null);
  const [speaking, setSpeaking] = useState(false);

  useEffect(() => {
    if (!('speechSynthesis' in window)) return;
    const choose = () => setVoice(localVoice(window.speechSynthesis.getVoices(), language));
    choose();
    window.speechSynthesis.addEventListener('voiceschanged', choose);
    return () => {
      window.speechSynthesis.removeEventListener('voiceschanged', choose);
      window.speechSynthesis.cancel();
    };
  }, [language]);

  const stop = useCallback(() => {
    setSpeaking(false);
    setClause(null);
    if ('speechSynthesis' in window) window.speechSynthesis.cancel();
  }, []);

  const start = useCallback(
    (fromSection: string | null) => {
      if (voice === null) return;
      window.speechSynthesis.cancel();
      setSpeaking(true);
      const passages = passagesFrom(sections, fromSection);
      passages.forEach(({ id, text }, index) => {
        const said = new SpeechSynthesisUtterance(text);
        said.voice = voice;
        said.lang = language;
        said.addEventListener('start', () => {
          setClause(id);
          document.getElementById(`at-${id}`)?.scrollIntoView({ block: 'center' });
        });
        if (index === passages.length - 1) said.addEventListener('end', stop);
        window.speechSynthesis.speak(said);
      });
    },
    [language, sections, stop, voice],
  );

  return { available: voice !== null, speaking, clause, start, stop };
}

function localVoice(voices: readonly SpeechSynthesisVoice[], language: string): SpeechSynthesisVoice | null {
  const local = voices.filter((voice) => voice.localService);
  const family = language.split('-')[0] ?? language;
  return (
    local.find((voice) => voice.lang === language) ??
    local.find((voice) => voice.lang.split(/[-_]/)[0] === family) ??
    null
  );
}

function passagesFrom(sections: readonly Section[], from: string | null): { id: string; text: string }[] {
  const all = [...everySection(sections)];
  const first = Math.max(
    0,
    all.findIndex((section) => section.id === from),
  );
  return all
    .slice(first)
    .flatMap((section) => [{ id: section.id, text: section.title }, ...section.clauses])
    .map(({ id, text }) => ({ id, text: plainTextOf(text).text }));
}
