import { type GreyImage, levelAt } from "./greyImage.ts";
import { type SeededNoise, seededNoise } from "./seededNoise.ts";

/** What a scanner does to a sheet. */
export interface ScanWear {
  readonly seed: number;
  /** Clockwise turn of the paper on the glass. */
  readonly skewDegrees: number;
  /** Standard deviation of the sensor's noise in grey levels. */
  readonly noise: number;
  /** Specks of dust on the glass. */
  readonly specks: number;
}

/** Paper is not quite white and toner not quite black. */
const paperLevel = 248;
const inkLevel = 28;

/** Scans a clean image: turned a little, greyed, noisy and dusty. */
export function scan(sheet: GreyImage, wear: ScanWear): GreyImage {
  const { width, height } = sheet;
  const noise = seededNoise(wear.seed);
  const angle = (wear.skewDegrees * Math.PI) / 180;
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const pixels = new Uint8ClampedArray(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = [x - width / 2, y - height / 2];
      const level = levelAt(
        sheet,
        width / 2 + cosine * fromX + sine * fromY,
        height / 2 - sine * fromX + cosine * fromY,
        255,
      );
      const printed = inkLevel + (level / 255) * (paperLevel - inkLevel);
      pixels[y * width + x] = printed + noise.normal() * wear.noise;
    }
  }
  const scanned = { width, height, pixels: new Uint8Array(pixels.buffer) };
  for (let speck = 0; speck < wear.specks; speck++) soil(scanned, noise);
  return scanned;
}

/** One speck of dust, a pixel or two across. */
function soil({ width, height, pixels }: GreyImage, noise: SeededNoise): void {
  const left = Math.floor(noise.even() * (width - 2));
  const top = Math.floor(noise.even() * (height - 2));
  const size = noise.even() < 0.7 ? 1 : 2;
  for (let y = top; y < top + size; y++) {
    for (let x = left; x < left + size; x++) pixels[y * width + x] = 70;
  }
}
