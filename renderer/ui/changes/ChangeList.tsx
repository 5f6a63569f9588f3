import { ArrowRightLeft, Bold, CircleMinus, CirclePlus, PencilLine, SquareDashed, Users } from 'lucide-react';
import { changeKindWords, type ChangeItem, type ChangeKind } from '../../../src/words/change-items.ts';
import { MarkedText } from './MarkedText.tsx';
import './changes.css';

const icons: Record<ChangeKind, typeof CirclePlus> = {
  added: CirclePlus,
  removed: CircleMinus,
  reworded: PencilLine,
  changed: PencilLine,
  emphasis: Bold,
  moved: ArrowRightLeft,
  audience: Users,
  blanks: SquareDashed,
};

/** What became of a clause: always an icon and a word, colour only besides. */
export function ChangeMark({ kind }: { kind: ChangeKind }) {
  const Icon = icons[kind];
  return (
    <span className="change-mark" data-kind={kind}>
      <Icon aria-hidden />
      {changeKindWords[kind]}
    </span>
  );
}

export interface ChangeListProps {
  items: readonly ChangeItem[];
  /** BCP 47 tag of the policy's language. */
  language: string;
  /** Beside an item that stands in the newer text. */
  action?: (item: ChangeItem & { at: string }) => React.ReactNode;
}

/** Changes one below the other: what became of it, where, and its words with the differences marked. */
export function ChangeList({ items, language, action }: ChangeListProps) {
  return (
    <ol className="change-list">
      {items.map((item) => (
        <li key={item.key} className="change" data-kind={item.kind}>
          <p className="change-head">
            <ChangeMark kind={item.kind} />
            <span className="change-where" lang={language}>
              {item.where}
            </span>
            {item.at !== null && action?.({ ...item, at: item.at })}
          </p>
          <p className="change-text" lang={language}>
            <MarkedText runs={wholeIsPlain(item)} />
          </p>
          {item.note !== null && <p className="change-note">{item.note}</p>}
        </li>
      ))}
    </ol>
  );
}

/** What was added as a whole is not marked word by word: its head says so already. */
const wholeIsPlain = ({ kind, runs }: ChangeItem): ChangeItem['runs'] =>
  kind === 'added' ? runs.map(({ text }) => ({ kind: 'same', text })) : runs;
