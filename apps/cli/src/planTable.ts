import type { Plan } from "@quire/worker";
import { grid, mb, megapixels } from "./planLayout.ts";

/** Plans side by side. */
export function describeTable(instances: readonly { readonly name: string; readonly plan: Plan }[]): string {
  const row = (name: string, figure: (plan: Plan) => string): [string, ...string[]] => [
    name,
    ...instances.map(({ plan }) => figure(plan)),
  ];
  const marks = (plan: Plan) => plan.watermarks.map(({ enterBytes }) => mb(enterBytes)).join(" / ");
  return `With the same settings on\n${grid([
    ["", ...instances.map(({ name }) => name)],
    row("OCR threads", ({ threads }) => String(threads.count)),
    row("documents at once", ({ documents }) => String(documents.total)),
    row("  small / medium / large", ({ documents }) => Object.values(documents.lanes).join(" / ")),
    row("at work, MB", ({ atWorkBytes }) => mb(atWorkBytes)),
    row("elevated / high / critical, MB", marks),
    row("largest raster, MP", ({ resolution }) => megapixels(resolution.maxPixels)),
    row("largest sheet at 300 dpi", ({ resolution }) => resolution.largestSheet ?? "-"),
    row("engine heap, MB", ({ engineHeapBytes }) => mb(engineHeapBytes)),
    row("database connections", ({ connections }) => String(connections)),
  ])}`;
}
