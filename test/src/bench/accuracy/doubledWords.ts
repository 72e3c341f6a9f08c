/** How many words were read beyond what the truth has of them, of the words that it has at all. */
export function doubledWords(truthText: string, readText: string): number {
  const read = countWords(readText);
  let doubled = 0;
  for (const [word, count] of countWords(truthText)) doubled += Math.max(0, (read.get(word) ?? 0) - count);
  return doubled;
}

function countWords(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of text.toLowerCase().split(/\s+/).filter(Boolean))
    counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
