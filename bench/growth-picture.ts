import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { projectRoot } from '../tools/launch/program.ts';
import type { Figures } from './figure.ts';

const picture = path.join(projectRoot, 'docs/pictures/benchmarks-query.svg');
const figureName = /^(sqlite|postgres)(\w+)At(\d+)P95Ms$/;

/**
 * Draws how long each read took (95th percentile) over the number of events, from the figures of `query`.
 * @returns how `docs/benchmarks.md` shows it.
 */
export function writeGrowth(figures: Figures): string {
  mkdirSync(path.dirname(picture), { recursive: true });
  writeFileSync(picture, growthPicture(figures));
  return '![How long each read takes, over the number of events in the store](pictures/benchmarks-query.svg)';
}

function growthPicture(figures: Figures): string {
  const lines = new Map<string, [number, number][]>();
  for (const [name, { value }] of Object.entries(figures)) {
    const [, engine, read, size] = figureName.exec(name) ?? [];
    if (engine === undefined || read === undefined) continue;
    const line = `${engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'}: ${read}`;
    // A logarithmic axis has no zero.
    lines.set(line, [...(lines.get(line) ?? []), [Number(size), Math.max(value, 0.1)]]);
  }
  echarts.use([LineChart, GridComponent, LegendComponent, SVGRenderer]);
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 900, height: 520 });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    legend: { bottom: 0 },
    grid: { left: 70, right: 40, top: 40, bottom: 110 },
    xAxis: { type: 'log', name: 'events', nameLocation: 'middle', nameGap: 28, min: 'dataMin', max: 'dataMax' },
    yAxis: { type: 'log', name: 'p95 in ms' },
    series: [...lines].map(([name, data]) => ({
      type: 'line',
      name,
      data,
      lineStyle: { type: name.startsWith('SQLite') ? 'solid' : 'dashed' },
    })),
  });
  const text = chart.renderToSVGString();
  chart.dispose();
  return text;
}
