/** As many page numbers as a line holds. */
const pagesShown = 20;

/** What a person should check of a document: `3 numbers to check, on pages 2 and 5`; null where there is nothing. */
export function numbersToCheck(count: number, pages: readonly number[]): string | null {
  if (count === 0) return null;
  const shown = pages.slice(0, pagesShown).map(String);
  const last = pages.length > pagesShown ? "more" : shown.pop();
  const list = shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
  return `${countToCheck(count)}, on ${pages.length === 1 ? "page" : "pages"} ${list}`;
}

export function countToCheck(count: number): string {
  return `${count} ${count === 1 ? "number" : "numbers"} to check`;
}
