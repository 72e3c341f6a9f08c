/** Pages as asked for on the command line: from the first to the last, `null` for the document's last. */
export type PageRange = readonly { readonly from: number; readonly to: number | null }[];

const part = /^(\d+)(?:(-)(\d+)?)?$/;

/** Reads `1-3,7` or `5-`. @throws Error what is wrong with it */
export function parsePageRange(text: string): PageRange {
  return text.split(",").map((piece) => {
    const match = part.exec(piece.trim());
    const from = Number(match?.[1]);
    const to = match?.[2] ? (match[3] ? Number(match[3]) : null) : from;
    if (!match || from < 1 || (to !== null && to < from)) {
      throw new Error(`"${piece}" is no page or range of pages. Write them as 1-3,7 or 5-.`);
    }
    return { from, to };
  });
}

/** Pages a range may name: more than any document has, and few enough to list. */
const mostPages = 100_000;

/** The page numbers of a range in a document, in its order. Numbers past the end stay in: they are refused later. */
export function pagesInRange(range: PageRange, pageCount: number): number[] {
  const pages: number[] = [];
  for (const { from, to } of range) {
    for (let page = from; page <= (to ?? Math.max(pageCount, from)) && pages.length < mostPages; page++)
      pages.push(page);
  }
  return pages;
}
