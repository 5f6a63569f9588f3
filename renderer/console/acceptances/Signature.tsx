import type { DrawnSignature, SignatureValue } from '../../../src/contract/acceptance.ts';
import styles from './acceptances.module.css';

/** A signature as it was made: typed, or the pen's strokes. */
export function Signature({ signature }: { signature: SignatureValue }) {
  if (signature.kind === 'typed') {
    return (
      <span className={styles['typed']}>
        {signature.text}
        <span className={styles['how']}>typed</span>
      </span>
    );
  }
  return (
    <span className={styles['drawn']}>
      <svg
        viewBox={`0 0 ${String(signature.width)} ${String(signature.height)}`}
        role="img"
        aria-label={`Drawn signature, ${String(signature.strokes.length)} ${signature.strokes.length === 1 ? 'stroke' : 'strokes'}`}
      >
        <path d={strokePath(signature.strokes)} />
      </svg>
      <span className={styles['how']}>drawn</span>
    </span>
  );
}

/** Smooth pen lines: quadratic curves through the midpoints, a dot for a stroke of one point. */
function strokePath(strokes: DrawnSignature['strokes']): string {
  return strokes.map(onePath).join(' ');
}

function onePath(points: DrawnSignature['strokes'][number]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const last = rest.at(-1);
  if (last === undefined) return `M${String(first[0])} ${String(first[1])}h0.01`;
  let path = `M${String(first[0])} ${String(first[1])}`;
  rest.slice(0, -1).forEach((point, place) => {
    const next = rest[place + 1] ?? point;
    path += `Q${String(point[0])} ${String(point[1])} ${String((point[0] + next[0]) / 2)} ${String((point[1] + next[1]) / 2)}`;
  });
  return `${path}L${String(last[0])} ${String(last[1])}`;
}
