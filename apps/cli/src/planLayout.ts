const mebibyte = 1024 * 1024;

/** Bytes as bare MB of 1,048,576, for sums and tables. */
export const mb = (bytes: number) => String(Math.round(bytes / mebibyte));
export const megapixels = (pixels: number) => (pixels / 1_000_000).toFixed(1);

/** Three columns: what, how much, why. */
export type Row = readonly [name: string, value: string, why: string];

const nameWidth = 15;
const valueWidth = 8;
/** Columns of what is a sentence of its own. */
export const lineWidth = 96;

/** Rows under a title. */
export function section(title: string, rows: readonly Row[]): string {
  const lines = rows.map(
    ([name, value, why]) => `  ${name.padEnd(nameWidth)}${value.padStart(valueWidth)}   ${why}`,
  );
  return ["", title, ...lines].join("\n");
}

/** A row whose value is a sentence. */
export function sentence(name: string, text: string): string {
  return `  ${name.padEnd(nameWidth)}${text}`;
}

/** Names in the first column, figures in the others, right-aligned. */
export function grid(rows: readonly (readonly [name: string, ...cells: string[]])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const padded = rows.map(([name, ...cells]) => [
    name.padEnd(widths[0] ?? 0),
    ...cells.map((cell, index) => cell.padStart(widths[index + 1] ?? 0)),
  ]);
  return `${padded.map((cells) => `  ${cells.join("   ")}`.trimEnd()).join("\n")}\n`;
}
