import { BarChart, PieChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { BarSeriesOption, PieSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import { useReducedMotion } from '@mantine/hooks';

echarts.use([BarChart, PieChart, GridComponent, TooltipComponent, SVGRenderer]);

export type ChartOption = ComposeOption<
  BarSeriesOption | PieSeriesOption | GridComponentOption | TooltipComponentOption
>;

export interface ChartProps {
  className: string | undefined;
  /** Built from the page's colours, so that it is built anew when they change. */
  option: (colour: (token: string) => string) => ChartOption;
  /** Changes when the colours do. */
  dark: boolean;
}

/** An ECharts picture. It is for the eye only: whoever uses it says the same in words beside it. */
export default function Chart({ className, option, dark }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const still = useReducedMotion();
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const chart = echarts.init(element, null, { renderer: 'svg' });
    const tokens = getComputedStyle(document.documentElement);
    chart.setOption({
      animation: !still,
      animationDuration: 180,
      textStyle: { fontFamily: tokens.getPropertyValue('--family') },
      ...option((token) => tokens.getPropertyValue(token).trim()),
    });
    const resizing = new ResizeObserver(() => {
      chart.resize();
    });
    resizing.observe(element);
    return () => {
      resizing.disconnect();
      chart.dispose();
    };
  }, [option, still, dark]);
  return <div className={className} ref={place} aria-hidden />;
}
