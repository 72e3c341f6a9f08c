/**
 * What is laid out: a line of the detector in reading space, where lines run rightwards and follow each other downwards,
 * in pixels.
 */
export interface LaidLine {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The height of its middle. */
export function middle({ top, bottom }: LaidLine): number {
  return (top + bottom) / 2;
}
