import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { importedPolicy, type ImportedPolicy } from '../contract/imported-policy.ts';
import { policy, type Policy } from '../contract/policy.ts';
import { accepted, problemFromZod, refused, type Outcome } from '../contract/problem.ts';
import { carryIds, importPolicyFile, mostFileBytes } from '../policy-import/index.ts';

export type PolicyFile = { kind: 'policy'; policy: Policy } | { kind: 'imported'; imported: ImportedPolicy };

/**
 * Reads a pack, what an import printed, or a school's own document. Refuses with one sentence; nothing is written.
 * @param previous an earlier version of a school's own document, whose clause ids are kept
 */
export async function policyFromFile(path: string, previous?: string): Promise<Outcome<PolicyFile>> {
  if (extname(path).toLowerCase() === '.json') {
    if (previous === undefined) return policyFromJson(path);
    return refused(
      'policy.idsAlreadyGiven',
      `${path} has its clause ids already. Give --previous when you import the school's own document.`,
    );
  }
  const imported = await importPolicyFile(path);
  if (!imported.ok) return imported;
  const since = previous === undefined ? imported : await sincePrevious(imported.value, previous);
  return since.ok ? accepted({ kind: 'imported', imported: since.value }) : since;
}

/** The imported document with the ids of an earlier version: what an import printed, or a policy. */
export async function sincePrevious(imported: ImportedPolicy, path: string): Promise<Outcome<ImportedPolicy>> {
  const previous = await policyFromJson(path);
  if (!previous.ok) return previous;
  return accepted(
    carryIds(imported, previous.value.kind === 'policy' ? previous.value.policy : previous.value.imported),
  );
}

async function policyFromJson(path: string): Promise<Outcome<PolicyFile>> {
  const value = await jsonIn(path);
  if (!value.ok) return value;
  const looksImported = typeof value.value === 'object' && value.value !== null && 'leftOut' in value.value;
  if (looksImported) {
    const parsed = importedPolicy.safeParse(value.value);
    if (parsed.success) return accepted({ kind: 'imported', imported: parsed.data });
    return { ok: false, problem: problemFromZod(parsed.error, 'policy.notValid') };
  }
  const parsed = policy.safeParse(value.value);
  if (parsed.success) return accepted({ kind: 'policy', policy: parsed.data });
  return { ok: false, problem: problemFromZod(parsed.error, 'policy.notValid') };
}

/** The policy with the rules of a file of their own in place of those it has. Every clause they name has to be in it. */
export async function withRules(before: Policy, path: string): Promise<Outcome<Policy>> {
  const rules = await jsonIn(path);
  if (!rules.ok) return rules;
  const parsed = policy.safeParse({ ...before, rules: rules.value });
  return parsed.success
    ? accepted(parsed.data)
    : { ok: false, problem: problemFromZod(parsed.error, 'policy.notValid') };
}

async function jsonIn(path: string): Promise<Outcome<unknown>> {
  let text: string;
  try {
    const file = await open(path, 'r');
    try {
      if ((await file.stat()).size > mostFileBytes)
        return refused(
          'policy.tooLarge',
          `${path} has more than ${mostFileBytes / 1024 / 1024} MB. That is no policy.`,
        );
      text = await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch {
    return refused('policy.notReadable', `${path} could not be read. Check the path and that you may open it.`);
  }
  try {
    return accepted(JSON.parse(text));
  } catch {
    return refused('policy.notJson', `${path} is not whole JSON. Check that it was saved and copied whole.`);
  }
}
