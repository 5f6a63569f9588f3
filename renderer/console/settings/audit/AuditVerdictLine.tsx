import { useQuery } from '@tanstack/react-query';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { auditVerdictQuery } from '../../access/access-queries.ts';
import { Chip } from '../../parts/Chip.tsx';

/** Does the trail hold together, as far as was just checked? */
export function AuditVerdictLine() {
  const verdict = useQuery(auditVerdictQuery).data;
  if (verdict === undefined) return null;
  return verdict.firstBad === null ? (
    <Chip icon={CircleCheck} tone="good">
      {`All ${verdict.entries.toLocaleString('en-GB')} entries hold together`}
    </Chip>
  ) : (
    <Chip icon={TriangleAlert} tone="refusal">
      {`Entry ${String(verdict.firstBad.number)} was changed: ${verdict.firstBad.why}`}
    </Chip>
  );
}
