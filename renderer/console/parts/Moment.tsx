import { agoWords, fullMomentWords, momentWords } from './moment.ts';
import { useNow } from './Now.tsx';

export interface MomentProps {
  /** ISO instant. */
  at: string;
  as?: 'clock' | 'seconds' | 'ago' | 'full';
}

/** A time in the school's words, with the exact instant on hover and for machines. */
export function Moment({ at, as = 'clock' }: MomentProps) {
  const now = useNow();
  const words =
    as === 'ago'
      ? agoWords(at, now)
      : as === 'full'
        ? fullMomentWords(at)
        : momentWords(at, now, as === 'seconds' ? 'seconds' : 'minutes');
  return (
    <time dateTime={at} title={at}>
      {words}
    </time>
  );
}
