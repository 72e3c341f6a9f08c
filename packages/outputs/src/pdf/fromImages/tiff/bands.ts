import { compressions, type SegmentLayout, type TiffLayout } from "./tiffLayout.ts";

/** Rows of a page that can be decoded without the others. */
export interface Band {
  readonly rows: number;
  /** Rows of each of its strips or tiles. */
  readonly segmentHeight: number;
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
}

/** What a band comes to when decoded, in samples, so that a page of any size is decoded in as little. */
export const bandSamples = 4 * 1024 * 1024;
const bitsPerByte = 8;

/** Cuts a page into bands of whole strips or rows of tiles; a single strip of plain samples may be cut anywhere. */
export function* bandsOf(layout: TiffLayout): Generator<Band> {
  const { width, height, samples } = layout;
  const segments = cutOpen(layout);
  const across = Math.ceil(width / segments.width);
  const down = Math.ceil(height / segments.height);
  const atOnce = Math.max(1, Math.floor(bandSamples / (width * samples * segments.height)));
  const planes = layout.planar ? samples : 1;
  for (let row = 0; row < down; row += atOnce) {
    const inPlane = Math.min(atOnce, down - row) * across;
    const indexes = Array.from({ length: planes * inPlane }, (_, index) => {
      const plane = Math.floor(index / inPlane);
      return (plane * down + row) * across + (index % inPlane);
    });
    yield {
      rows: Math.min((inPlane / across) * segments.height, height - row * segments.height),
      segmentHeight: segments.height,
      offsets: indexes.map((index) => segments.offsets[index] ?? 0),
      byteCounts: indexes.map((index) => segments.byteCounts[index] ?? 0),
    };
  }
}

function cutOpen(layout: TiffLayout): SegmentLayout {
  const { segments, width, samples, bitsPerSample, height } = layout;
  const one = !segments.tiled && segments.offsets.length === 1;
  if (!one || layout.compression !== compressions.none) return segments;
  const rowBytes = Math.ceil((width * samples * bitsPerSample) / bitsPerByte);
  const start = segments.offsets[0] as number;
  const rows = Array.from({ length: height }, (_, row) => start + row * rowBytes);
  return { ...segments, height: 1, offsets: rows, byteCounts: rows.map(() => rowBytes) };
}
