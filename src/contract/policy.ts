import { z } from 'zod';
import { comprehensionCheck, counterSignature, decline, renewal, type Question } from './policy-asking.ts';
import { clausesNamed, policyRules } from './policy-rules.ts';
import { calendarDate, documentId, ed25519Signature, instant, sha256Hex } from './primitives.ts';

/** Who a policy or a clause speaks to. */
export const audience = z.enum(['staff', 'supply', 'volunteer', 'contractor', 'visitor', 'governor']);
export type Audience = z.infer<typeof audience>;

/** Plain text; `**words**` is the only mark-up and means strong emphasis. Everything else is shown as typed. */
const text = z.string().trim().min(1).max(20_000);
const title = z.string().trim().min(1).max(300);
/** The number or bullet as the school printed it, such as `2.1`, `(a)` or `·`. */
const printedNumber = z.string().trim().min(1).max(24);

export const clause = z.strictObject({
  id: documentId,
  number: printedNumber.optional(),
  text,
  /** Absent: for everybody the policy is for. */
  audience: z.array(audience).min(1).optional(),
  /** True: only for people with a teaching role. */
  teachingOnly: z.boolean().optional(),
});
export type Clause = z.infer<typeof clause>;

export interface Section {
  id: string;
  number?: string | undefined;
  title: string;
  clauses: Clause[];
  sections?: Section[] | undefined;
}
export const section: z.ZodType<Section> = z.lazy(() =>
  z.strictObject({
    id: documentId,
    number: printedNumber.optional(),
    title,
    clauses: z.array(clause).max(2_000),
    sections: z.array(section).max(200).optional(),
  }),
);

/** A blank in the document that a school fills once; `placeholder` is the exact text it stands for. */
export const variable = z.strictObject({
  name: documentId,
  label: z.string().trim().min(1).max(300),
  placeholder: z.string().min(1).max(300),
  value: z.string().trim().min(1).max(300).optional(),
  /** True: the policy is not published before it has a value. */
  required: z.boolean().optional(),
});
export type Variable = z.infer<typeof variable>;

export const statement = z.strictObject({ id: documentId, text });

export const formFieldKind = z.enum(['printedName', 'jobTitle', 'school', 'text', 'date', 'signature']);
export const formField = z.strictObject({
  id: documentId,
  kind: formFieldKind,
  label: z.string().trim().min(1).max(300),
  required: z.boolean(),
});
export type FormField = z.infer<typeof formField>;

export const acceptanceForm = z.strictObject({
  /** Each must be agreed to. */
  statements: z.array(statement).min(1, 'a form needs at least one statement to agree to').max(50),
  fields: z.array(formField).max(50),
  counterSignature: counterSignature.optional(),
});

export const contactPurpose = z.enum([
  'faults',
  'viruses',
  'safeguarding',
  'lostDevice',
  'inappropriateContent',
  'conduct',
  'questions',
]);
export type ContactPurpose = z.infer<typeof contactPurpose>;
export const contact = z.strictObject({
  purpose: contactPurpose,
  label: z.string().trim().min(1).max(200),
  how: z.string().trim().min(1).max(300),
});

/** Who looks after the document, and what the school itself says about its approval. */
export const lifecycle = z.strictObject({
  owner: z.string().trim().min(1).max(200).optional(),
  approvedOn: calendarDate.optional(),
  approvedBy: z.string().trim().min(1).max(200).optional(),
  ratifiedOn: calendarDate.optional(),
  ratifiedBy: z.string().trim().min(1).max(200).optional(),
  reviewDueOn: calendarDate.optional(),
  /** Where no day is named: so many months after it was ratified, else approved, else published. */
  reviewEveryMonths: z.int().min(1).max(120).optional(),
  /** What happened to the document, oldest first, as the school prints it. */
  history: z
    .array(
      z.strictObject({
        version: z.string().trim().min(1).max(40),
        on: calendarDate.optional(),
        change: z.string().trim().min(1).max(1_000),
        by: z.string().trim().min(1).max(200).optional(),
      }),
    )
    .max(200)
    .optional(),
});

/** Every section of a document, outermost first, in reading order. */
export function* everySection(sections: readonly Section[]): Generator<Section> {
  for (const one of sections) {
    yield one;
    yield* everySection(one.sections ?? []);
  }
}

function* questionFaults(
  { options, right, clause: named }: Question,
  clauseIds: ReadonlySet<string>,
): Generator<{ path: (string | number)[]; message: string }> {
  const ids = options.map(({ id }) => id);
  for (const [place, id] of ids.entries()) {
    if (ids.indexOf(id) !== place) yield { path: ['options', place, 'id'], message: `the id "${id}" is used twice` };
  }
  for (const [place, id] of right.entries()) {
    if (!ids.includes(id)) {
      yield { path: ['right', place], message: `"${id}" is none of the options (${ids.join(', ')})` };
    }
  }
  if (!clauseIds.has(named)) {
    yield {
      path: ['clause'],
      message: `names the clause "${named}", which is not in this policy; give the id of the clause that has the answer`,
    };
  }
}

/** One policy: the document a person reads and the form they sign. Content-addressed once published. */
export const policy = z
  .strictObject({
    format: z.literal('usher/policy/1'),
    /** Stays the same across versions. */
    id: documentId,
    title,
    /** BCP 47 language tag. */
    language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/),
    schoolName: z.string().trim().min(1).max(200).optional(),
    audiences: z.array(audience).min(1),
    sections: z.array(section).min(1, 'a policy needs at least one section').max(500),
    variables: z.array(variable).max(200),
    form: acceptanceForm,
    /** What must be true before Accept opens. */
    reading: z.strictObject({
      toEnd: z.boolean(),
      minimumSeconds: z.int().min(0).max(3_600),
      /** For who accepted an earlier version: to the end of what changed, for so long, is enough. Absent: the whole again. */
      changesSuffice: z.strictObject({ minimumSeconds: z.int().min(0).max(3_600) }).optional(),
    }),
    renewal,
    /** Absent: the policy stays on screen until it is accepted. */
    decline: decline.optional(),
    check: comprehensionCheck.optional(),
    contacts: z.array(contact).max(50),
    lifecycle,
    /** Ids of clauses and sections that earlier versions had and this one has not; an import gives none of them again. */
    retiredIds: z.array(documentId).max(20_000).optional(),
    /** What machines do because of it; absent: they only ask and record. */
    rules: policyRules.optional(),
  })
  .superRefine((value, context) => {
    const seen = new Map<string, string>();
    const claim = (id: string, where: string) => {
      const earlier = seen.get(id);
      if (earlier === undefined) seen.set(id, where);
      else
        context.addIssue({
          code: 'custom',
          path: [where],
          message: `the id "${id}" is used twice (also in ${earlier})`,
        });
    };
    let clauses = 0;
    for (const one of everySection(value.sections)) {
      claim(one.id, `section ${one.title}`);
      for (const each of one.clauses) {
        claim(each.id, `clause ${each.id}`);
        clauses += 1;
      }
    }
    if (clauses === 0)
      context.addIssue({ code: 'custom', path: ['sections'], message: 'a policy needs at least one clause' });
    const clauseIds = new Set([...everySection(value.sections)].flatMap((one) => one.clauses.map(({ id }) => id)));
    for (const { path, clause: named } of clausesNamed(value.rules ?? {})) {
      if (clauseIds.has(named)) continue;
      context.addIssue({
        code: 'custom',
        path: ['rules', ...path],
        message: `names the clause "${named}", which is not in this policy; give the id of a clause that allows the rule`,
      });
    }
    for (const one of value.form.statements) claim(one.id, `form statement ${one.id}`);
    for (const one of value.form.fields) claim(one.id, `form field ${one.id}`);
    for (const [place, one] of (value.check?.questions ?? []).entries()) {
      claim(one.id, `question ${one.id}`);
      for (const fault of questionFaults(one, clauseIds)) {
        context.addIssue({ code: 'custom', ...fault, path: ['check', 'questions', place, ...fault.path] });
      }
    }
  });
export type Policy = z.infer<typeof policy>;

/** A policy as the server publishes it: the service enforces and shows nothing whose signature does not verify. */
export const signedPolicy = z.strictObject({
  policy,
  /** SHA-256 over the RFC 8785 canonical JSON of `policy`. */
  hash: sha256Hex,
  /** 1, 2, 3 … per policy id, given by the server. */
  version: z.int().min(1),
  publishedAt: instant,
  /** Ed25519 by the server's key over `{context:'usher/policy/1', policyId, version, hash, publishedAt}`. */
  signature: ed25519Signature,
});
export type SignedPolicy = z.infer<typeof signedPolicy>;
