import { sql, type Expression, type SqlBool } from 'kysely';
import { canonicalJson, sha256 } from '../../proof/index.ts';
import type { FindingKind } from '../../contract/console-integrity.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import type { ServerContext } from '../context.ts';
import { inScope } from '../store/in-scope.ts';

/** Findings that somebody may see: of their schools, and what concerns the log as a whole, which concerns every school. */
export const findingsFor = (scope: SchoolScope): Expression<SqlBool> =>
  sql<SqlBool>`(integrity_findings.school_id is null or ${inScope('integrity_findings.school_id', scope)})`;

/** Where something does not verify. */
export interface FindingPlace {
  deviceId: string;
  epoch: number;
  seq: number;
}

export interface Finding {
  kind: FindingKind;
  place: FindingPlace | null;
  schoolId: string | null;
  /** One or two sentences: what, and which record. */
  detail: string;
  /** The full check that saw it; 0 outside one. */
  pass: number;
}

type Findings = Pick<ServerContext, 'store' | 'owner' | 'now' | 'log'>;

/** Keeps a finding: one row however often the same thing is seen, open again if it was settled. */
export async function openFinding({ store, owner, now, log }: Findings, finding: Finding): Promise<void> {
  const { kind, place, schoolId, detail, pass } = finding;
  const id = sha256(canonicalJson([kind, place]))
    .toString('hex')
    .slice(0, 24);
  log.error({ finding: kind, place }, 'what is held does not verify');
  await store
    .insertInto('integrity_findings')
    .values({
      trust_id: owner.trustId,
      finding_id: id,
      school_id: schoolId,
      kind,
      device_id: place?.deviceId ?? null,
      epoch: place?.epoch ?? null,
      seq: place?.seq ?? null,
      detail,
      found_at: now().toISOString(),
      pass,
      resolved_at: null,
    })
    .onConflict((conflict) =>
      conflict.columns(['trust_id', 'finding_id']).doUpdateSet((row) => ({
        detail,
        pass,
        resolved_at: null,
        // Seen again, it is as old as it was; after it was sound, it is new.
        found_at: row
          .case()
          .when('integrity_findings.resolved_at', 'is', null)
          .then(row.ref('integrity_findings.found_at'))
          .else(row.ref('excluded.found_at'))
          .end(),
      })),
    )
    .execute();
}

/** What a kind of finding was about is sound again. `before`: only those that this full check did not see. */
export async function settleFindings(
  { store, owner, now }: Findings,
  kind: FindingKind | readonly FindingKind[],
  before?: number,
): Promise<void> {
  let update = store
    .updateTable('integrity_findings')
    .set({ resolved_at: now().toISOString() })
    .where('trust_id', '=', owner.trustId)
    .where('kind', 'in', [kind].flat())
    .where('resolved_at', 'is', null);
  if (before !== undefined) update = update.where('pass', '<', before);
  await update.execute();
}
