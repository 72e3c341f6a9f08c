import { watermarks } from "@quire/memory";
import { LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, MarkPointComponent, TitleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { ScenarioRun } from "./scenario.ts";
import { describeSetting, mebibyte } from "./setting.ts";

const width = 1200;
const heights = { head: 70, panel: 190, gap: 74, foot: 30 };
const left = 70;
const right = 150;
const colours = {
  memory: "#2f6db5",
  elevated: "#c9a227",
  high: "#d9822b",
  critical: "#c23b22",
  limit: "#222222",
  recycle: "#7b3fa0",
  restart: "#1f8a70",
};

/**
 * Draws the memory of the scenarios of one setting over time, one below the other, each up to its limit, with the
 * watermarks and the replacements of engines and workers.
 *
 * @returns an SVG document
 */
export function drawMemoryChart(runs: readonly ScenarioRun[]): string {
  use([LineChart, GridComponent, MarkLineComponent, MarkPointComponent, TitleComponent, SVGRenderer]);
  const height = heights.head + runs.length * (heights.panel + heights.gap) + heights.foot;
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  const tops = runs.map((_, index) => heights.head + heights.gap / 2 + index * (heights.panel + heights.gap));
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    title: [headline(runs), ...runs.map((run, index) => panelTitle(run, tops[index] as number))],
    grid: tops.map((top) => ({ left, right, top, height: heights.panel })),
    xAxis: runs.map((run, gridIndex) => timeAxis(run, gridIndex)),
    yAxis: runs.map(({ limitBytes }, gridIndex) => memoryAxis(limitBytes, gridIndex)),
    series: runs.map(memoryLine),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function headline(runs: readonly ScenarioRun[]) {
  const [run] = runs;
  return {
    text: run ? `Memory that cannot be reclaimed. ${describeSetting(run.setting)}` : "",
    subtext:
      "{recycle|▲} engine replaced      {critical|●} engine died      {restart|◆} worker restarted" +
      "      highest of each second, in MB over minutes",
    left: 20,
    top: 12,
    textStyle: { fontSize: 18 },
    subtextStyle: {
      fontSize: 13,
      color: "#444444",
      rich: {
        recycle: { color: colours.recycle, fontSize: 14 },
        critical: { color: colours.critical, fontSize: 14 },
        restart: { color: colours.restart, fontSize: 14 },
      },
    },
  };
}

function panelTitle({ scenario, memory, limitBytes, records }: ScenarioRun, top: number) {
  const peak = `${(memory.peakBytes / mebibyte).toFixed(0)} MB (${((100 * memory.peakBytes) / limitBytes).toFixed(0)} %)`;
  return {
    text: `${scenario.title}: ${records.pages} pages, peak ${peak}`,
    left: left - 10,
    top: top - 28,
    textStyle: { fontSize: 14, fontWeight: "normal" as const },
  };
}

function timeAxis({ wallSeconds }: ScenarioRun, gridIndex: number) {
  return {
    type: "value" as const,
    gridIndex,
    min: 0,
    max: wallSeconds / 60,
    axisLabel: {
      showMaxLabel: false,
      formatter: (minutes: number) => minutes.toFixed(wallSeconds < 300 ? 1 : 0),
      hideOverlap: true,
    },
    splitLine: { show: false },
  };
}

function memoryAxis(limitBytes: number, gridIndex: number) {
  const limitMb = limitBytes / mebibyte;
  return {
    type: "value" as const,
    gridIndex,
    min: 0,
    max: limitMb,
    interval: limitMb / 4,
    splitLine: { lineStyle: { color: "#eeeeee" } },
  };
}

function memoryLine(run: ScenarioRun, index: number) {
  const points = run.memory.seconds.map(({ second, maxBytes }) => [second / 60, round(maxBytes / mebibyte)]);
  return {
    type: "line" as const,
    xAxisIndex: index,
    yAxisIndex: index,
    data: points,
    showSymbol: false,
    lineStyle: { width: 1.3, color: colours.memory },
    areaStyle: { color: colours.memory, opacity: 0.15 },
    markLine: { silent: true, symbol: "none", data: levelLines(run.limitBytes / mebibyte) },
    markPoint: { silent: true, symbolSize: 10, data: marks(run) },
  };
}

function levelLines(limitMb: number) {
  const levels = [
    { name: "elevated", share: watermarks.elevated.enter, color: colours.elevated },
    { name: "high", share: watermarks.high.enter, color: colours.high },
    { name: "critical", share: watermarks.critical.enter, color: colours.critical },
    { name: "limit", share: 1, color: colours.limit },
  ];
  return levels.map(({ name, share, color }) => ({
    yAxis: limitMb * share,
    lineStyle: { color, type: name === "limit" ? ("solid" as const) : ("dashed" as const), width: 1 },
    label: {
      formatter: `${name} ${Math.round(share * 100)} %, ${Math.round(limitMb * share)} MB`,
      position: "end" as const,
      color,
      fontSize: 11,
      // The two uppermost would stand in each other's way.
      offset: name === "limit" ? [0, -6] : name === "critical" ? [0, 4] : [0, 0],
    },
  }));
}

function marks(run: ScenarioRun) {
  const ends = run.records.engineEnds.map(({ at, event }) => ({
    at,
    symbol: event === "engine_recycled" ? "triangle" : "circle",
    color: event === "engine_recycled" ? colours.recycle : colours.critical,
  }));
  const restarts = run.restarts.map((at) => ({ at, symbol: "diamond", color: colours.restart }));
  const { startedAt, seconds } = run.memory;
  return [...ends, ...restarts].map(({ at, symbol, color }) => {
    const second = (at.getTime() - startedAt.getTime()) / 1000;
    const bytes = seconds.findLast((one) => one.second <= second)?.maxBytes ?? 0;
    return { coord: [second / 60, round(bytes / mebibyte)], symbol, itemStyle: { color } };
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
