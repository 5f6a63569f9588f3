import type { ImportedPolicy } from '../contract/imported-policy.ts';
import type { Paragraph } from './paragraphs.ts';
import { reasons } from './preamble.ts';
import { tidy, type SourceLine } from './source-line.ts';

interface Placed {
  readonly piece: SourceLine;
  readonly to: string;
}

/** Where each source line went: usually one piece, several where a line was cut. */
export class Destinations {
  readonly #to = new Map<SourceLine, readonly Placed[]>();

  /** @param id of the title, a section, clause, statement or field, or `leftOut` */
  place(paragraph: Paragraph, id: string): void {
    for (const line of paragraph.lines) this.#to.set(line, [{ piece: line, to: id }]);
  }

  placePieces(line: SourceLine, pieces: readonly Placed[]): void {
    this.#to.set(line, pieces);
  }

  /** Every piece of the source in order, and what of it is no document text. */
  trace(lines: readonly SourceLine[], titleLine: SourceLine | undefined): Pick<ImportedPolicy, 'trace' | 'leftOut'> {
    const trace: ImportedPolicy['trace'] = [];
    const leftOut: ImportedPolicy['leftOut'] = [];
    const drop = (line: number, text: string, reason: string) => {
      trace.push({ line, text, to: 'leftOut' });
      leftOut.push({ text, reason });
    };
    for (const line of lines) {
      const whole = this.#to.get(line) ?? [{ piece: line, to: line === titleLine ? 'title' : 'leftOut' }];
      for (const { piece, to } of whole) {
        const reason = line.marks.leftOut ?? reasons.approval;
        for (const segment of piece.segments) {
          const text = tidy(segment.text);
          if (text === '') continue;
          if (segment.leftOut !== undefined) drop(line.line, text, segment.leftOut);
          else if (to === 'leftOut') drop(line.line, text, reason);
          else trace.push({ line: line.line, text, to });
        }
      }
    }
    return { trace, leftOut };
  }
}
