/** How many pixels have each of the 256 levels. */
export function countLevels(pixels: Uint8Array): Uint32Array {
  const counts = new Uint32Array(256);
  for (let at = 0; at < pixels.length; at++) {
    const level = pixels[at] as number;
    counts[level] = (counts[level] as number) + 1;
  }
  return counts;
}

/** The lowest level that, with those below it, so many pixels have; 255 if there are not so many. */
export function levelOf(counts: Uint32Array, minPixels: number): number {
  let seen = 0;
  for (let level = 0; level < 256; level++) {
    seen += counts[level] as number;
    if (seen >= minPixels) return level;
  }
  return 255;
}
