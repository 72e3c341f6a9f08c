import type { Term } from "./searchQuery.ts";

/** A stretch of a snippet: what was found, or what stands around it. */
export interface SnippetPart {
  readonly text: string;
  readonly isMatch: boolean;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** About three lines of a list. */
const snippetCharacters = 240;
/** Of these, before the first match. */
const leadCharacters = 60;
/** Looked through for the place that shows most of what was looked for. */
const matchesAtMost = 1_000;

const wordPattern = /[\p{L}\p{Nd}\p{M}]+/gu;
/** Brackets, quotation marks, full stops: what belongs to the word it touches. */
const attachedAtMost = 5;
const attachedBefore = /[^\s\p{C}\p{L}\p{Nd}\p{M}]+$/u;
const attachedAfter = /^[^\s\p{C}\p{L}\p{Nd}\p{M}]+/u;
/** Control characters, and those that turn the direction of what follows. */
const unprintable = /[\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu;

/** The stretch of a text that shows the most of the terms, and the earliest of those, cut where a match begins or ends. */
export function snippetOf(text: string, terms: readonly Term[]): SnippetPart[] {
  const words = [...text.matchAll(wordPattern)].map(({ 0: word, index }) => ({
    start: index,
    end: index + word.length,
    key: word.normalize("NFKC").toLowerCase(),
  }));
  const matches: (Span & { term: Term })[] = [];
  for (let at = 0; at < words.length && matches.length < matchesAtMost; at++)
    for (const term of terms) {
      const last = words[at + term.words.length - 1];
      if (last && isAt(term, (n) => words[at + n]?.key ?? ""))
        matches.push({ start: words[at]?.start ?? 0, end: last.end, term });
    }

  const best = bestOf(matches) ?? words[0];
  if (!best) return [];
  const begin = words.find(({ start }) => start >= best.start - leadCharacters)?.start ?? best.start;
  const most = begin + snippetCharacters;
  // The best match also if it is longer than all that is shown.
  const end = Math.max(words.findLast((word) => word.end <= most)?.end ?? 0, Math.min(best.end, most));
  const beforeBegin = text.slice(Math.max(begin - attachedAtMost, 0), begin).match(attachedBefore);
  const afterEnd = text.slice(end, end + attachedAtMost).match(attachedAfter);
  const cut = { start: begin - (beforeBegin?.[0].length ?? 0), end: end + (afterEnd?.[0].length ?? 0) };
  const parts = split(text, cut, matches);
  if (words.some((word) => word.end <= cut.start)) parts.unshift({ text: "… ", isMatch: false });
  if (words.some((word) => word.end > cut.end)) parts.push({ text: " …", isMatch: false });
  return parts;
}

function isAt({ words, isPrefix }: Term, wordAt: (n: number) => string): boolean {
  return words.every((word, n) =>
    isPrefix && n === words.length - 1 ? wordAt(n).startsWith(word) : wordAt(n) === word,
  );
}

/** The match from which on the most terms are found within one snippet. */
function bestOf(matches: readonly (Span & { term: Term })[]): Span | undefined {
  let best: { match: Span; terms: number } | undefined;
  const reach = snippetCharacters - leadCharacters;
  for (const [index, match] of matches.entries()) {
    const found = new Set<Term>();
    for (let next = index; next < matches.length; next++) {
      const other = matches[next];
      if (!other || other.end > match.start + reach) break;
      found.add(other.term);
    }
    if (!best || found.size > best.terms) best = { match, terms: found.size };
  }
  return best?.match;
}

function split(text: string, cut: Span, matches: readonly Span[]): SnippetPart[] {
  const parts: SnippetPart[] = [];
  const add = (start: number, end: number, isMatch: boolean) => {
    const clean = text.slice(start, end).replace(unprintable, " ").toWellFormed();
    if (clean !== "") parts.push({ text: clean, isMatch });
  };
  let at = cut.start;
  for (const { start, end } of matches) {
    if (start >= cut.end) break;
    if (end <= at) continue;
    const from = Math.max(start, at);
    const to = Math.min(end, cut.end);
    add(at, from, false);
    add(from, to, true);
    at = to;
  }
  add(at, cut.end, false);
  return parts;
}
