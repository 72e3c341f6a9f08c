import { deflatedStream } from "../pdf/font/glyphlessFont.ts";

/** A PDF of these objects, the first of which is number 1 and the catalog: for tests. */
export function writtenPdf(bodies: readonly (string | Buffer)[], trailer = ""): Buffer {
  const parts: Buffer[] = [Buffer.from("%PDF-1.7\n")];
  let length = parts[0]?.length ?? 0;
  const offsets: number[] = [];
  const add = (part: Buffer) => {
    parts.push(part);
    length += part.length;
  };
  bodies.forEach((body, index) => {
    offsets.push(length);
    add(Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(body), Buffer.from("\nendobj\n")]));
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`);
  add(
    Buffer.from(
      `xref\n0 ${bodies.length + 1}\n0000000000 65535 f \n${entries.join("")}` +
        `trailer\n<< /Size ${bodies.length + 1} /Root 1 0 R ${trailer}>>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

/** How the objects of {@link compressedPdf} are to be found. */
export type Finding = "stream" | "hybrid";

/**
 * The same document with those objects that are no streams in an object stream, which a cross-reference stream lists; or
 * a table and, for those who can read them, a stream beside it.
 */
export function compressedPdf(bodies: readonly (string | Buffer)[], finding: Finding = "stream"): Buffer {
  const parts: Buffer[] = [Buffer.from("%PDF-1.7\n")];
  let length = parts[0]?.length ?? 0;
  const rows: [kind: number, place: number, detail: number][] = [[0, 0, 65_535]];
  const contained: [number: number, body: string][] = [];
  const [containerNumber, sectionNumber] = [bodies.length + 1, bodies.length + 2];
  const add = (number: number, body: string | Buffer) => {
    rows[number] = [1, length, 0];
    const part = Buffer.concat([
      Buffer.from(`${number} 0 obj\n`),
      Buffer.from(body),
      Buffer.from("\nendobj\n"),
    ]);
    parts.push(part);
    length += part.length;
  };
  bodies.forEach((body, index) => {
    const number = index + 1;
    if (body.includes("stream")) {
      add(number, body);
    } else {
      rows[number] = [2, containerNumber, contained.length];
      contained.push([number, body.toString("latin1")]);
    }
  });
  let offset = 0;
  const header = contained.map(([number, body]) => {
    const entry = `${number} ${offset} `;
    offset += body.length + 1;
    return entry;
  });
  const first = header.join("").length;
  const data = Buffer.from(header.join("") + contained.map(([, body]) => `${body}\n`).join(""), "latin1");
  add(containerNumber, deflatedStream(data, `/Type /ObjStm /N ${contained.length} /First ${first} `));
  const start = length;
  rows[sectionNumber] = [1, start, 0];
  const listed = Buffer.concat(
    rows.map(([kind, place, detail]) => {
      const row = Buffer.alloc(7);
      row.writeUInt8(kind, 0);
      row.writeUInt32BE(place, 1);
      row.writeUInt16BE(detail, 5);
      return row;
    }),
  );
  const size = sectionNumber + 1;
  add(sectionNumber, deflatedStream(listed, `/Type /XRef /W [ 1 4 2 ] /Size ${size} /Root 1 0 R `));
  if (finding === "stream") parts.push(Buffer.from(`startxref\n${start}\n%%EOF\n`));
  else {
    const entries = rows.map(([kind, place]) =>
      kind === 1 ? `${String(place).padStart(10, "0")} 00000 n \n` : "0000000000 65535 f \n",
    );
    parts.push(
      Buffer.from(
        `xref\n0 ${size}\n${entries.join("")}trailer\n<< /Size ${size} /Root 1 0 R /XRefStm ${start} >>\n` +
          `startxref\n${length}\n%%EOF\n`,
      ),
    );
  }
  return Buffer.concat(parts);
}
