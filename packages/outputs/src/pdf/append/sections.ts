import { deflatedStream } from "../font/glyphlessFont.ts";
import type { NumberedPlace } from "../syntax/objectIndex.ts";

/** Entries written at a time: a rebuilt file may have a million. */
const entriesPerPiece = 4_096;
/** A cross-reference stream's fields: what kind, where (up to a terabyte), and the generation or the index. */
const fieldBytes = [1, 5, 4] as const;
const entryBytes = 10;
const freeGeneration = 65_535;

/** A cross-reference table without its trailer (ISO 32000-1, 7.5.4). @param places in the order of their numbers */
export function* tableSections(places: Iterable<NumberedPlace>): Generator<Buffer> {
  yield Buffer.from("xref\n");
  for (const run of runsOf(places)) {
    yield Buffer.from(`${run[0]?.number ?? 0} ${run.length}\n`);
    yield Buffer.from(run.map(tableEntry).join(""));
  }
}

function tableEntry({ place }: NumberedPlace): string {
  const [offset, generation, kind] =
    place?.kind === "file" ? [place.offset, place.generation, "n"] : [0, freeGeneration, "f"];
  return `${String(offset).padStart(10, "0")} ${String(generation).padStart(5, "0")} ${kind} \n`;
}

/** The body of a cross-reference stream (ISO 32000-1, 7.5.8). @param entries of its dictionary, beside its own */
export function crossReferenceStream(places: Iterable<NumberedPlace>, entries: string): Buffer {
  const ranges: number[] = [];
  const rows: Buffer[] = [];
  for (const run of runsOf(places)) {
    ranges.push(run[0]?.number ?? 0, run.length);
    rows.push(...run.map(streamEntry));
  }
  const own = `/Type /XRef /W [ ${fieldBytes.join(" ")} ] /Index [ ${ranges.join(" ")} ]`;
  return deflatedStream(Buffer.concat(rows), `${own}\n${entries}`);
}

function streamEntry({ place }: NumberedPlace): Buffer {
  const bytes = Buffer.alloc(entryBytes);
  const [kindBytes, placeBytes] = fieldBytes;
  const detailAt = kindBytes + placeBytes;
  if (place?.kind === "file") {
    bytes.writeUInt8(1);
    bytes.writeUIntBE(place.offset, kindBytes, placeBytes);
    bytes.writeUInt32BE(place.generation, detailAt);
  } else if (place?.kind === "stream") {
    bytes.writeUInt8(2);
    bytes.writeUIntBE(place.container, kindBytes, placeBytes);
    bytes.writeUInt32BE(place.index, detailAt);
  } else {
    bytes.writeUInt32BE(freeGeneration, detailAt);
  }
  return bytes;
}

/** Places whose numbers follow each other, as many as are written at a time. */
function* runsOf(places: Iterable<NumberedPlace>): Generator<NumberedPlace[]> {
  let run: NumberedPlace[] = [];
  for (const place of places) {
    const last = run.at(-1);
    if (last && (last.number + 1 !== place.number || run.length === entriesPerPiece)) {
      yield run;
      run = [];
    }
    run.push(place);
  }
  if (run.length > 0) yield run;
}
