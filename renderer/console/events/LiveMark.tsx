import { Pause, Play } from 'lucide-react';
import { useLivePhase } from '../api/Live.tsx';
import styles from './events.module.css';

export interface LiveMarkProps {
  paused: boolean;
  onToggle: () => void;
}

/** Says whether new events show by themselves, and stops or starts that. */
export function LiveMark({ paused, onToggle }: LiveMarkProps) {
  const phase = useLivePhase();
  const state = paused ? 'paused' : phase;
  const words = { paused: 'Paused', live: 'Live', connecting: 'Connecting…', reconnecting: 'Reconnecting…' } as const;
  return (
    <div className={styles['liveMark']}>
      <span className={styles['phase']} data-state={state} role="status">
        <span className={styles['dot']} aria-hidden />
        {words[state]}
      </span>
      <button type="button" className={styles['pause']} onClick={onToggle}>
        {paused ? <Play size={16} aria-hidden /> : <Pause size={16} aria-hidden />}
        {paused ? 'Go on' : 'Pause'}
      </button>
    </div>
  );
}
