import { spawnSync } from "node:child_process";
import type { ForeignScript } from "./sentences.ts";

/** Fonts of each script that are common, in Debian's fonts-noto-core, fonts-noto-cjk and fonts-dejavu among others. */
const candidates: Readonly<Record<ForeignScript, readonly string[]>> = {
  Cyrillic: ["Noto Sans", "Noto Serif", "DejaVu Sans", "DejaVu Serif", "Liberation Serif", "Liberation Sans"],
  Greek: ["Noto Sans", "Noto Serif", "DejaVu Sans", "DejaVu Serif", "Liberation Serif", "Liberation Sans"],
  Arabic: ["Noto Naskh Arabic", "Noto Sans Arabic", "DejaVu Sans", "Noto Kufi Arabic", "Amiri"],
  Hebrew: ["Noto Sans Hebrew", "Noto Serif Hebrew", "DejaVu Sans", "Liberation Sans", "David CLM"],
  Chinese: [
    "Noto Sans CJK SC",
    "Noto Serif CJK SC",
    "Noto Sans CJK TC",
    "Noto Serif CJK TC",
    "WenQuanYi Zen Hei",
  ],
};

/** The fonts of a script that are installed here, as fontconfig names them; none where it is not installed either. */
export function installedFonts(script: ForeignScript): string[] {
  const { error, stdout } = spawnSync("fc-list", [":", "family"], { encoding: "utf8" });
  if (error) return [];
  const families = new Set(stdout.split("\n").flatMap((line) => line.split(",").map((name) => name.trim())));
  return candidates[script].filter((name) => families.has(name));
}
