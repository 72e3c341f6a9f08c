/** So many pages from the first on, and then so many more, evenly spread, are looked at for what is to be recognised. */
const fromTheFirst = 5;
const spread = 5;

/** The pages of a document to look at, in turn, for samples of what is written in it. */
export function numbersToSample(pageCount: number): number[] {
  const first = Array.from({ length: Math.min(fromTheFirst, pageCount) }, (_, index) => index + 1);
  const rest = pageCount - first.length;
  const further = Array.from(
    { length: Math.min(spread, rest) },
    (_, index) => first.length + Math.ceil(((index + 1) * rest) / Math.min(spread, rest)),
  );
  return [...first, ...further];
}
