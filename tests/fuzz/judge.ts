import { httpProblem } from '../../src/contract/problem.ts';
import { consoleCallers } from './callers.ts';
import type { FuzzRequest } from './requests.ts';
import type { FuzzAnswer } from './send.ts';
import { canary, type TwoSchools } from './two-schools.ts';

/** Refusals that any route may answer with before it is asked: see "Refusals" in the document's description. */
const ofEveryRoute = new Set([400, 401, 403, 404, 413, 414, 415, 431]);
/** What only machines, whoever is asked for a health check and browsers that sign in may have without credentials. */
const open = new Set<string>(['public', 'device', 'metrics']);
/** Callers who may see one school only. */
const confined = new Set(['nobody', 'ownSchool', 'ownAuditor', 'forged', 'twice']);
const withoutCredentials = new Set(['nobody', 'forged']);

/** What is wrong with an answer; null when nothing is. */
export function faultOf(asked: FuzzRequest, answer: FuzzAnswer, schools: TwoSchools): string | null {
  return serverFault(answer) ?? accessFault(asked, answer) ?? leak(asked, answer, schools) ?? shapeFault(asked, answer);
}

function serverFault({ status, headers, text }: FuzzAnswer): string | null {
  if (status < 500) return null;
  if (status === 503 && headers['retry-after'] !== undefined && /"code":"server\.(busy|connections)"/.test(text))
    return null;
  return `answered ${status}: ${text.slice(0, 300)}`;
}

function accessFault({ route, caller }: FuzzRequest, { status, text }: FuzzAnswer): string | null {
  if (
    consoleCallers.has(caller) &&
    /"code":"console\.(noSession|setUpNeeded)"/.test(text) &&
    route.access !== 'operator'
  )
    return `did not know ${caller}, who is signed in`;
  if (open.has(route.access) || status >= 400) return null;
  return withoutCredentials.has(caller) ? `answered ${status} to somebody without credentials` : null;
}

function leak({ caller, target, body }: FuzzRequest, { text }: FuzzAnswer, { otherIds }: TwoSchools): string | null {
  if (!confined.has(caller)) return null;
  if (text.toLowerCase().includes(canary.toLowerCase())) return `showed another school's data to ${caller}`;
  const sent = `${target} ${body?.toString('utf8') ?? ''}`;
  const shown = otherIds.find((id) => id.length >= 16 && text.includes(id) && !sent.includes(id));
  return shown === undefined ? null : `showed another school's id ${shown} to ${caller}`;
}

function shapeFault({ route }: FuzzRequest, { status, headers, text }: FuzzAnswer): string | null {
  const type = String(headers['content-type'] ?? '');
  if (status >= 300 && status < 400) return null;
  if (status >= 400) {
    if (!ofEveryRoute.has(status) && !route.answers.has(status))
      return `answered ${status}, which the route does not describe`;
    if (!type.startsWith('application/problem+json')) return `refused with ${type === '' ? 'no media type' : type}`;
    const problem = httpProblem.loose().safeParse(jsonOf(text));
    if (!problem.success) return `refused with no problem document: ${text.slice(0, 200)}`;
    return problem.data.status === status ? null : `says ${problem.data.status} in a problem answered with ${status}`;
  }
  const described = route.answers.get(status);
  if (described === undefined || described.size === 0) return null;
  const found = [...described.keys()].find((one) => type.startsWith(one));
  if (found === undefined) return `answered ${type} where ${[...described.keys()].join(' or ')} is described`;
  const checked = found === 'application/json' ? described.get(found)?.()?.safeParse(jsonOf(text)) : undefined;
  if (checked === undefined || checked.success) return null;
  const issue = checked.error.issues[0];
  return `answered what its schema does not allow: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
