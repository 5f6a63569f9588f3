import { useCallback } from 'react';
import { useAppearance } from '../../ui/index.ts';
import { statusOrder, statusWords, type PersonStatus } from '../people/status-words.ts';
import Chart, { type ChartOption } from './Chart.tsx';
import { statusTokens } from './status-tokens.ts';
import styles from './overview.module.css';

/** How many people stand where, as a ring with the share in the middle. */
export default function CoverageChart({ statuses }: { statuses: Record<PersonStatus, number> }) {
  const { dark } = useAppearance();
  const { accepted, outdated, declined, notAccepted } = statuses;
  const people = accepted + outdated + declined + notAccepted;
  const option = useCallback(
    (colour: (token: string) => string): ChartOption => {
      const counts = { accepted, outdated, declined, notAccepted };
      return {
        series: [
          {
            type: 'pie',
            radius: ['68%', '100%'],
            padAngle: 2,
            itemStyle: { borderRadius: 3 },
            label: { show: false },
            emphasis: { scale: false },
            silent: true,
            data: statusOrder
              .filter((status) => counts[status] > 0)
              .map((status) => ({
                name: statusWords[status].word,
                value: counts[status],
                itemStyle: { color: colour(statusTokens[status]) },
              })),
          },
        ],
      };
    },
    [accepted, outdated, declined, notAccepted],
  );
  return (
    <div className={styles['donutBox']}>
      <Chart className={styles['donut']} option={option} dark={dark} />
      <p className={styles['share']}>
        <strong>{Math.floor((accepted / people) * 100)} %</strong> accepted
      </p>
    </div>
  );
}
