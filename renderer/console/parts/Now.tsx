import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';

const NowContext = createContext<Date | null>(null);

/** The time the pages inside speak from, moving on every half minute. */
export function Now({ children }: { children: ReactNode }) {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const ticking = setInterval(() => {
      setNow(new Date());
    }, 30_000);
    return () => {
      clearInterval(ticking);
    };
  }, []);
  return <NowContext value={now}>{children}</NowContext>;
}

export function useNow(): Date {
  const now = useContext(NowContext);
  if (now === null) throw new Error('The time is asked for outside Now.');
  return now;
}
