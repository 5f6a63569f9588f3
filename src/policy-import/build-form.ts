import type { ImportedPolicy } from '../contract/imported-policy.ts';
import type { FormField } from '../contract/policy.ts';
import type { FormFound } from './form.ts';
import { slug, type Identifiers } from './identifiers.ts';
import type { Paragraph } from './paragraphs.ts';
import { cutLine } from './source-line.ts';
import type { Destinations } from './trace.ts';

const fieldIds: Readonly<Record<FormField['kind'], string | null>> = {
  signature: 'signature',
  date: 'date',
  printedName: 'printed-name',
  jobTitle: 'job-title',
  school: 'school',
  text: null,
};

/** The form of the paragraphs that belong to it, and where each of them went. */
export function buildForm(
  paragraphs: readonly Paragraph[],
  form: FormFound,
  ids: Identifiers,
  to: Destinations,
): ImportedPolicy['form'] {
  const statements: ImportedPolicy['form']['statements'] = [];
  const fields: FormField[] = [];
  const counterSigned: string[] = [];
  paragraphs.forEach((paragraph, index) => {
    const role = form.roles.get(index);
    const line = paragraph.lines[0];
    if (role?.kind === 'approval') to.place(paragraph, 'leftOut');
    if (role?.kind === 'statement') {
      const id = ids.forText(paragraph.text);
      statements.push({ id, text: paragraph.text });
      to.place(paragraph, id);
    }
    if (role?.kind !== 'fields' || line === undefined) return;
    const pieces = cutLine(
      line,
      role.fields.slice(1).map((field) => field.start),
    );
    const placed = role.fields.map((field, at) => {
      const base = fieldIds[field.kind] ?? slug(field.label, 40);
      const id = ids.forName(role.counter ? `counter-${base}` : base);
      fields.push({ id, kind: field.kind, label: field.label, required: !role.counter });
      if (role.counter) counterSigned.push(id);
      return { piece: pieces[at] ?? line, to: id };
    });
    to.placePieces(line, placed);
  });
  return { statements, fields, ...(counterSigned.length === 0 ? {} : { counterSigned }) };
}
