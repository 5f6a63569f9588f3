import { useCallback } from 'react';
import type { Overview } from '../../../src/contract/console.ts';
import { useAppearance } from '../../ui/index.ts';
import { dateWords } from '../parts/moment.ts';
import Chart, { type ChartOption } from './Chart.tsx';
import styles from './overview.module.css';

type Days = NonNullable<Overview['acceptancesByDay']>;

const dayNumber = (day: string): string => String(Number(day.slice(8)));

/** Acceptances per day as bars; the same numbers in a table for screen readers. */
export default function AcceptancesChart({ days }: { days: Days }) {
  const { dark } = useAppearance();
  const option = useCallback(
    (colour: (token: string) => string): ChartOption => ({
      grid: { left: 4, right: 4, top: 22, bottom: 4, containLabel: true },
      tooltip: {
        trigger: 'axis',
        axisPointer: { type: 'none' },
        backgroundColor: colour('--surface'),
        borderColor: colour('--rule'),
        textStyle: { color: colour('--ink') },
        transitionDuration: 0,
        renderMode: 'richText',
      },
      xAxis: {
        type: 'category',
        data: days.map((one) => dateWords(one.day)),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: colour('--rule') } },
        axisLabel: {
          color: colour('--ink-soft'),
          interval: 0,
          formatter: (_words: string, place: number) => dayNumber(days[place]?.day ?? ''),
        },
      },
      yAxis: { type: 'value', show: false, minInterval: 1 },
      series: [
        {
          type: 'bar',
          name: 'Acceptances',
          barMaxWidth: 26,
          barMinHeight: 0,
          itemStyle: { color: colour('--accent'), borderRadius: [3, 3, 0, 0] },
          label: {
            show: true,
            position: 'top',
            color: colour('--ink'),
            formatter: ({ value }) => (typeof value === 'number' && value > 0 ? String(value) : ''),
          },
          emphasis: { disabled: true },
          data: days.map((one) => one.count),
        },
      ],
    }),
    [days],
  );
  return (
    <>
      <Chart className={styles['bars']} option={option} dark={dark} />
      <table className="visually-hidden">
        <caption>Acceptances by day</caption>
        <tbody>
          {days.map((one) => (
            <tr key={one.day}>
              <th scope="row">{dateWords(one.day)}</th>
              <td>{one.count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
