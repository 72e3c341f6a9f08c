import { a4, type Face, type Mark, type Sheet } from "./sheet.ts";

/** How a sheet is set. `columns` is the most characters a line may have: widths of fonts are not known here. */
export interface Typesetting {
  readonly face: "sans" | "serif" | "mono";
  readonly size: number;
  readonly columns: number;
  readonly margin?: number;
}

const lineSpacing = 1.36;
const cellPadding = 5;

/** Sets a page from the top down and keeps its truth text in the same order. */
export class SheetBuilder {
  readonly #set: Required<Typesetting>;
  readonly #marks: Mark[] = [];
  readonly #blocks: string[] = [];
  #y: number;

  constructor(typesetting: Typesetting) {
    this.#set = { margin: 62, ...typesetting };
    this.#y = this.#set.margin;
  }

  heading(text: string, size = this.#set.size * 1.5): this {
    this.#line(text, size, this.#bold);
    return this.#block(text, this.#set.size * 0.5);
  }

  paragraph(text: string): this {
    return this.lines(...wrap(text, this.#set.columns));
  }

  /** Lines that are not to be wrapped: an address, a list. */
  lines(...lines: readonly string[]): this {
    for (const line of lines) this.#line(line, this.#set.size, this.#set.face);
    return this.#block(lines.join("\n"), this.#set.size * 0.7);
  }

  /** A shaded bar across the page with a title in it. */
  bar(text: string, greys: { readonly paper: number; readonly ink: number }): this {
    const { margin, size } = this.#set;
    const height = size * 1.9;
    this.#marks.push({
      kind: "bar",
      x: margin,
      y: this.#y,
      width: a4.widthPoints - 2 * margin,
      height,
      grey: greys.paper,
    });
    const baseline = this.#y + height * 0.68;
    this.#marks.push({
      kind: "text",
      x: margin + 8,
      baseline,
      size,
      face: this.#bold,
      grey: greys.ink,
      text,
    });
    this.#y += height;
    return this.#block(text, size * 0.7);
  }

  /** A table with rules around every cell; its first row is a heading. */
  table(columnWidths: readonly number[], rows: readonly (readonly string[])[]): this {
    const { margin, size } = this.#set;
    const rowHeight = size * 1.8;
    const top = this.#y;
    const bottom = top + rowHeight * rows.length;
    const edges = [margin];
    for (const width of columnWidths) edges.push((edges.at(-1) as number) + width);
    const right = edges.at(-1) as number;
    for (const x of edges) this.#marks.push({ kind: "rule", from: [x, top], to: [x, bottom] });
    for (let row = 0; row <= rows.length; row++) {
      const y = top + row * rowHeight;
      this.#marks.push({ kind: "rule", from: [margin, y], to: [right, y] });
    }
    for (const [row, cells] of rows.entries()) {
      const baseline = top + row * rowHeight + rowHeight * 0.67;
      const face = row === 0 ? this.#bold : this.#set.face;
      for (const [column, text] of cells.entries()) {
        this.#marks.push({
          kind: "text",
          x: (edges[column] as number) + cellPadding,
          baseline,
          size,
          face,
          grey: 0,
          text,
        });
      }
    }
    this.#y = bottom;
    return this.#block(rows.map((cells) => cells.join(" ")).join("\n"), size * 1.2);
  }

  skip(points: number): this {
    this.#y += points;
    return this;
  }

  build(): Sheet {
    return { ...a4, marks: this.#marks, truth: this.#blocks.join("\n\n") };
  }

  get #bold(): Face {
    const { face } = this.#set;
    return face === "mono" ? face : `${face}Bold`;
  }

  #line(text: string, size: number, face: Face): void {
    const baseline = this.#y + size;
    this.#marks.push({ kind: "text", x: this.#set.margin, baseline, size, face, grey: 0, text });
    this.#y += size * lineSpacing;
  }

  #block(truth: string, gap: number): this {
    this.#blocks.push(truth);
    return this.skip(gap);
  }
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
