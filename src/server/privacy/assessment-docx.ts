import {
  BorderStyle,
  Document,
  HeadingLevel,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
  type FileChild,
} from 'docx';
import type { AssessmentDocument, Block } from './assessment.ts';

const dashed = { style: BorderStyle.DASHED, size: 6, color: '7B888B', space: 6 };

const cells = (texts: readonly string[], bold: boolean) =>
  texts.map(
    (one) =>
      new TableCell({
        margins: { top: 60, bottom: 60, left: 90, right: 90 },
        children: [new Paragraph({ children: [new TextRun({ text: one, bold })] })],
      }),
  );

function blockOf(block: Block): FileChild[] {
  switch (block.kind) {
    case 'heading':
      return [
        new Paragraph({ text: block.text, heading: HeadingLevel.HEADING_1, spacing: { before: 320, after: 120 } }),
      ];
    case 'text':
      return [new Paragraph({ text: block.text, spacing: { before: 120, after: 120 } })];
    case 'list':
      return block.items.map((item) => new Paragraph({ text: item, bullet: { level: 0 } }));
    case 'table':
      return [
        new Table({
          width: { size: 100, type: WidthType.PERCENTAGE },
          rows: [
            new TableRow({ tableHeader: true, children: cells(block.head, true) }),
            ...block.rows.map((row) => new TableRow({ cantSplit: true, children: cells(row, false) })),
          ],
        }),
        new Paragraph({}),
      ];
    case 'answer':
      return [
        new Paragraph({
          spacing: { before: 160, after: 160 },
          border: { top: dashed, bottom: dashed, left: dashed, right: dashed },
          children: [
            new TextRun({ text: `${block.prompt}:`, color: '4A5457', italics: true }),
            new TextRun({ text: '', break: 2 }),
          ],
        }),
      ];
  }
}

/** The document as a .docx (ECMA-376). */
export async function assessmentDocx({ title, blocks }: AssessmentDocument): Promise<Buffer> {
  const document = new Document({
    title,
    creator: 'Usher',
    styles: { default: { document: { run: { font: 'Calibri', size: 22, language: { value: 'en-GB' } } } } },
    sections: [{ children: [new Paragraph({ text: title, heading: HeadingLevel.TITLE }), ...blocks.flatMap(blockOf)] }],
  });
  return await Packer.toBuffer(document);
}
