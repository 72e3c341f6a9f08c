import type uPlot from "uplot";
import type { OperationsAnswer } from "../api/answers.ts";
import { percent } from "../wording/sizes.ts";

const chartHeight = 280;
const yAxisWidth = 56;
/** Lines that can be told apart; beyond, they repeat, and the legend and the table tell. */
const lineVariables = ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5"];
const dashes = [[], [6, 4], [2, 3]];
/** Of the budget; what goes beyond makes room for itself. */
const fullShare = 1;
const secondsPerHour = 3_600;

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** A time in seconds since 1970; midnight as the day that begins. */
function timeWords(time: number): string {
  const date = new Date(time * 1_000);
  return date.getHours() === 0 && date.getMinutes() === 0 ? day.format(date) : clock.format(date);
}

export interface ChartFacts {
  readonly labels: readonly string[];
  readonly watermarks: OperationsAnswer["watermarks"];
  /** How far back the chart goes from now. */
  readonly hours: number;
  /** In CSS pixels. */
  readonly width: number;
  /** The element whose style sheet has the colours. */
  readonly styled: Element;
}

export function chartOptions({ labels, watermarks, hours, width, styled }: ChartFacts): uPlot.Options {
  const style = getComputedStyle(styled);
  const colour = (name: string) => colourOf(styled, name);
  const font = `12px ${style.fontFamily}`;
  const axis = {
    stroke: style.color,
    font,
    grid: { stroke: colour("--chart-grid"), width: 1 },
    ticks: { stroke: colour("--chart-grid"), width: 1 },
  };
  return {
    width,
    height: chartHeight,
    scales: {
      x: { range: () => [Date.now() / 1_000 - hours * secondsPerHour, Date.now() / 1_000] },
      y: { range: (_chart, _lowest, highest) => [0, Math.max(fullShare, highest)] },
    },
    axes: [
      { ...axis, values: (_chart, splits) => splits.map(timeWords) },
      { ...axis, size: yAxisWidth, values: (_chart, splits) => splits.map(percent) },
    ],
    series: [
      { label: "Time", value: (_chart, time: number | null) => (time === null ? "–" : timeWords(time)) },
      ...labels.map((label, index) => ({
        label,
        stroke: colour(lineVariables[index % lineVariables.length] as string),
        dash: dashes[Math.floor(index / lineVariables.length) % dashes.length] as number[],
        width: 2,
        points: { show: false },
        value: (_chart: uPlot, share: number | null) => (share === null ? "–" : percent(share)),
      })),
    ],
    hooks: {
      draw: [(chart) => drawWatermarks(chart, watermarks, colour("--chart-mark"), style.color, font)],
    },
  };
}

/** A variable as a colour that a canvas knows: it may stand for one in light and another in dark. */
function colourOf(styled: Element, variable: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${variable})`;
  styled.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const labelGap = 4;

function drawWatermarks(
  chart: uPlot,
  watermarks: OperationsAnswer["watermarks"],
  lineColour: string,
  textColour: string,
  font: string,
): void {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = lineColour;
  ctx.fillStyle = textColour;
  ctx.lineWidth = ratio;
  ctx.textAlign = "left";
  ctx.textBaseline = "bottom";
  ctx.setLineDash([4 * ratio, 4 * ratio]);
  ctx.font = font.replace("12px", `${12 * ratio}px`);
  for (const [name, share] of Object.entries(watermarks)) {
    const y = chart.valToPos(share, "y", true);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillText(`${name} ${percent(share)}`, bbox.left + labelGap * ratio, y - ratio);
  }
  ctx.restore();
}
