import { CalendarClock, CalendarX } from 'lucide-react';
import type { PolicySummary } from '../../../src/contract/console.ts';
import { daysOverdue, reviewSoonDays } from '../../../src/rules/policy-review.ts';
import { Chip } from '../parts/Chip.tsx';
import { dateWords } from '../parts/moment.ts';
import { useNow } from '../parts/Now.tsx';

/** When a version in force is to be reviewed; loud where that day is past. What is no longer in force needs no review. */
export function ReviewDue({ version: { current, life } }: { version: PolicySummary }) {
  const now = useNow();
  if (life.reviewDueOn === null) return <>–</>;
  const words = dateWords(life.reviewDueOn);
  if (!current) return <>{words}</>;
  const days = daysOverdue(life.reviewDueOn, now.toISOString().slice(0, 10));
  if (days > 0) {
    return (
      <Chip icon={CalendarX} tone="warning">
        Overdue since {words}
      </Chip>
    );
  }
  if (days >= -reviewSoonDays) {
    return (
      <Chip icon={CalendarClock} tone="plain">
        {words}
      </Chip>
    );
  }
  return <>{words}</>;
}
