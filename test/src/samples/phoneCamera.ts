import sharp, { type Sharp } from "sharp";
import { type GreyImage, levelAt } from "./greyImage.ts";
import { seededNoise } from "./seededNoise.ts";

/** Channels of warm lamp light on white paper. */
const lampLight = [1, 0.965, 0.88] as const;
const desk = [96, 68, 47] as const;
const tiltDegrees = 1.1;
/** How much narrower the far end of the sheet is: the camera is not held level. */
const keystone = 0.03;
const blurSigma = 0.7;
const noiseLevels = 2.2;

/**
 * Takes a picture of a sheet that lies on a desk: light from one side, the shadow of a hand, a little tilt,
 * perspective, blur and noise.
 *
 * @param size of the picture in pixels, held upright
 */
export function photograph(
  sheet: GreyImage,
  size: { readonly width: number; readonly height: number },
  seed: number,
): Sharp {
  const { width, height } = size;
  const noise = seededNoise(seed);
  const angle = (tiltDegrees * Math.PI) / 180;
  const pixels = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const down = y / height;
      const spread = 1.04 + keystone * (1 - down);
      const [fromX, fromY] = [(x / width - 0.5) * spread, (down - 0.5) * 1.05];
      const acrossSheet = 0.5 + Math.cos(angle) * fromX + (Math.sin(angle) * fromY * height) / width;
      const downSheet = 0.5 - (Math.sin(angle) * fromX * width) / height + Math.cos(angle) * fromY;
      const level = levelAt(sheet, acrossSheet * sheet.width, downSheet * sheet.height, -1);
      const light = lightAt(x / width, down);
      const grain = noise.normal() * noiseLevels;
      for (let channel = 0; channel < 3; channel++) {
        const paper = (34 + level * 0.85) * (lampLight[channel] as number);
        const surface = level < 0 ? (desk[channel] as number) : paper;
        pixels[(y * width + x) * 3 + channel] = surface * light + grain;
      }
    }
  }
  return sharp(new Uint8Array(pixels.buffer), { raw: { width, height, channels: 3 } }).blur(blurSigma);
}

/** Brightness at a point, 0 to 1: it falls to the lower right, and a soft-edged shadow lies over the left. */
function lightAt(across: number, down: number): number {
  const falling = 1 - 0.32 * (0.45 * across + 0.55 * down);
  const depthInShadow = smoothstep(-0.06, 0.06, 0.42 - across + 0.35 * (down - 0.5));
  return falling * (1 - 0.3 * depthInShadow);
}

function smoothstep(from: number, to: number, value: number): number {
  const share = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return share * share * (3 - 2 * share);
}
