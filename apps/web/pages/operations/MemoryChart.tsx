import { useEffect, useRef } from "react";
import "./soundLanguage.ts";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { MemoryAnswer, OperationsAnswer } from "../api/answers.ts";
import { useWidth } from "../parts/useWidth.ts";
import { chartOptions } from "./chartOptions.ts";
import { memorySeries } from "./memorySeries.ts";
import { useColourScheme } from "./useColourScheme.ts";
import "./MemoryChart.css";

interface Props {
  readonly memory: MemoryAnswer;
  readonly watermarks: OperationsAnswer["watermarks"];
  readonly hours: number;
}

/** A line for each worker, in shares of its limit, and a line for each watermark. The table below says the same. */
export default function MemoryChart({ memory, watermarks, hours }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const width = useWidth(element);
  const scheme = useColourScheme();
  const latest = useRef(memory);
  latest.current = memory;
  // Another set of lines, colours or sizes is another chart; new samples are not.
  const workers = memory.workers.map(({ id, samples }) => (samples.length > 0 ? id : "")).join(" ");
  const marks = JSON.stringify(watermarks);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme is in the colours that the options read
  useEffect(() => {
    if (element.current === null || width === 0) {
      return;
    }
    const { times, labels, shares } = memorySeries(latest.current);
    chart.current = new uPlot(
      chartOptions({ labels, watermarks: JSON.parse(marks), hours, width, styled: element.current }),
      [times, ...shares],
      element.current,
    );
    return () => {
      chart.current?.destroy();
      chart.current = null;
    };
  }, [width, scheme, workers, marks, hours]);

  useEffect(() => {
    const { times, shares } = memorySeries(memory);
    chart.current?.setData([times, ...shares]);
  }, [memory]);

  return <div ref={element} className="memory-chart" aria-hidden="true" />;
}
