import {
  Document,
  Footer,
  HeadingLevel,
  Header,
  LevelFormat,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
} from 'docx';

/** A long policy: its Word document and the words that are in it, in order, without the numbers Word prints. */
export interface LongPolicy {
  readonly file: Buffer;
  readonly words: number;
}

export interface LongPolicySize {
  readonly sections: number;
  /** Points and paragraphs in each section. */
  readonly pointsPerSection: number;
}

/** About 25,000 words: 60 pages of A4 in 11 point. */
export const sixtyPages: LongPolicySize = { sections: 26, pointsPerSection: 20 };

const subjects = ['Staff', 'Supply teachers', 'Volunteers', 'Governors', 'Visitors', 'Whoever uses a school computer'];
const duties = [
  'must lock the screen before they leave the room',
  'must not connect storage of their own to any machine',
  'should print on both sides and collect at once what they print',
  'report what looks like a virus to the office before they do anything else',
  'keep passwords to themselves and change them when somebody may know them',
  'store what concerns pupils on the shared drive and nowhere else',
];
const reasons = [
  'because other people pass the machine all day and see what is on it',
  'since what is lost cannot always be brought back, however good the copies are',
  'so that everybody can rely on finding the machine as it should be',
  'as the law on personal data asks of every school',
];
const exceptions = [
  'unless the head has agreed to something else in writing',
  'even when it is only for a moment',
  'at school, at home and on the way between the two',
];

/** Deterministic, and no two points alike. */
function pointText(section: number, point: number): string {
  const pick = (from: readonly string[], turn: number) => from[(section * 7 + point * 3 + turn) % from.length] ?? '';
  const first = `${pick(subjects, 0)} ${pick(duties, 1)}, ${pick(reasons, 2)}, ${pick(exceptions, 0)}.`;
  return `${first} Point ${point + 1} of part ${section + 1} holds in every room of the school.`;
}

/** Writes the policy with headings, Word numbering, a table in every fourth section, a header, a footer and a form. */
export async function longPolicy(size: LongPolicySize = sixtyPages): Promise<LongPolicy> {
  const texts: string[] = [];
  const told = (text: string) => {
    texts.push(text);
    return text;
  };
  const cell = (text: string) => new TableCell({ children: [new Paragraph(told(text))] });
  const body: (Paragraph | Table)[] = [
    new Paragraph({ text: told('Staff computer policy in full'), heading: HeadingLevel.TITLE }),
  ];
  for (let section = 0; section < size.sections; section += 1) {
    body.push(new Paragraph({ text: told(`Part ${section + 1} of the policy`), heading: HeadingLevel.HEADING_1 }));
    for (let point = 0; point < size.pointsPerSection; point += 1) {
      const text = told(pointText(section, point));
      body.push(
        point % 5 === 0
          ? new Paragraph(text)
          : new Paragraph({ text, numbering: { reference: 'points', level: 0, instance: section } }),
      );
    }
    if (section % 4 === 0)
      body.push(
        new Table({
          rows: [
            new TableRow({ children: [cell('Device'), cell('Rule')] }),
            new TableRow({ children: [cell(`Stick of kind ${section}`), cell('Not allowed')] }),
          ],
        }),
      );
  }
  body.push(
    new Paragraph({ text: told('Agreement'), heading: HeadingLevel.HEADING_1 }),
    new Paragraph(told('I have read this policy and I will follow it.')),
    new Paragraph(told('Name: ____________________')),
    new Paragraph(told('Signature: ________________')),
    new Paragraph(told('Date: __________')),
  );
  const file = await Packer.toBuffer(
    new Document({
      numbering: {
        config: [{ reference: 'points', levels: [{ level: 0, format: LevelFormat.DECIMAL, text: '%1.' }] }],
      },
      sections: [
        {
          headers: { default: new Header({ children: [new Paragraph('Acorn Primary')] }) },
          footers: {
            default: new Footer({
              children: [new Paragraph({ children: [new TextRun({ children: ['Page ', PageNumber.CURRENT] })] })],
            }),
          },
          children: body,
        },
      ],
    }),
  );
  return { file, words: texts.join(' ').match(/[\p{L}\p{N}]+/gu)?.length ?? 0 };
}
