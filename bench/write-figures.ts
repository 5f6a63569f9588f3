import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../tools/launch/program.ts';
import type { Figures } from './figure.ts';

const page = path.join(projectRoot, 'docs/benchmarks.md');

/** Puts the figures of one measurement into `docs/benchmarks.md`, between its two markers, and nothing else there. `picture`: Markdown. */
export function writeFigures(name: string, figures: Figures, picture = ''): void {
  const text = readFileSync(page, 'utf8');
  const [begin, end] = [`<!-- figures: ${name} -->`, `<!-- end of figures: ${name} -->`];
  if (!text.includes(begin) || !text.includes(end)) return;
  const before = text.slice(0, text.indexOf(begin) + begin.length);
  const after = text.slice(text.indexOf(end));
  writeFileSync(
    page,
    `${before}\n\n${figuresTable(figures)}\n\n${measuredOn()}\n\n${picture === '' ? '' : `${picture}\n\n`}${after}`,
  );
}

/** A table in Markdown. */
export function figuresTable(figures: Figures): string {
  const number = (value: number | undefined): string => (value === undefined ? '' : value.toLocaleString('en-GB'));
  const rows = Object.entries(figures).map(
    ([name, { value, unit, baseline, ratio, goal }]) =>
      `| \`${name}\` | ${number(value)} ${unit} | ${number(baseline)} | ${number(ratio)} | ${goal ?? ''} |`,
  );
  return ['| figure | value | measured against | ratio | goal |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

const measuredOn = (): string =>
  `Measured on ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}.`;
