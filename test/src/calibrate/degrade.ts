import { type GreyRaster, resize } from "@quire/engine/calibration";

/** How a page is made worse: coarser, or coarser and black and white as a fax is. */
export const degradations = ["none", "coarse", "faxed"] as const;
export type Degradation = (typeof degradations)[number];

const coarseScale = 0.42;
const faxScale = 0.6;
const threshold = 150;
const noise = 24;

export function degrade(raster: GreyRaster, degradation: Degradation): GreyRaster {
  if (degradation === "none") return raster;
  const scale = degradation === "coarse" ? coarseScale : faxScale;
  const reduced = { ...resize(raster, scale), dpi: raster.dpi * scale };
  const random = numbersFrom(1);
  const change =
    degradation === "coarse"
      ? (level: number) => level + (random() - 0.5) * 2 * noise
      : (level: number) => (level + (random() - 0.5) * 4 * noise < threshold ? 0 : 255);
  return {
    ...reduced,
    pixels: Uint8Array.from(reduced.pixels, (level) => Math.min(255, Math.max(0, change(level)))),
  };
}

/** The same sequence each time (Park and Miller 1988), 0 to 1. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
