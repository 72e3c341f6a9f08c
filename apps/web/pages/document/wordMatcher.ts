/** Whether a word is one of those that were searched for. */
export type IsMatch = (word: string) => boolean;

const letters = /[\p{L}\p{N}]+/gu;
const accents = /\p{M}/gu;

function tokens(text: string): string[] {
  return text.normalize("NFKD").replace(accents, "").toLowerCase().match(letters) ?? [];
}

/**
 * Tells the words that a search finds: those that begin with one of its words, as the server searches; what is
 * excluded by "-" does not count, nor does the "or" between words.
 * @returns null where nothing is searched for
 */
export function wordMatcher(query: string): IsMatch | null {
  const sought = query
    .split(/\s+/)
    .filter((part) => !part.startsWith("-") && part.toLowerCase() !== "or")
    .flatMap(tokens);
  if (sought.length === 0) {
    return null;
  }
  return (word) => tokens(word).some((token) => sought.some((term) => token.startsWith(term)));
}
