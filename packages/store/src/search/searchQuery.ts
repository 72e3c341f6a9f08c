import { QuireError } from "@quire/core";

/** Words that stand one after the other, as `quire.words` writes them. */
export interface Term {
  readonly words: readonly string[];
  /** The last of them may be the beginning of a word. */
  readonly isPrefix: boolean;
}

/** A page is found if it has all that is included and nothing that is excluded. */
export interface Alternative {
  readonly included: readonly Term[];
  readonly excluded: readonly Term[];
}

/** Part of a query as it was typed. */
export interface QueryPart {
  readonly text: string;
  readonly isQuoted: boolean;
  readonly isExcluded: boolean;
}

const queryAtMost = 200;
const partPattern = /(-?)(?:"([^"]*)(?:"|$)|([^\s"]+))/g;
/** What keyboards make of a quotation mark. */
const quotes = /[“”„‟«»]/g;

/**
 * What a person types: words, of each of which the beginning is enough; "words in quotes" stand so, one after the other;
 * -words must not be there; `or` parts alternatives.
 *
 * @returns the parts of each alternative
 * @throws QuireError `invalid_request` if it is too long
 */
export function partsOf(query: string): QueryPart[][] {
  if (query.length > queryAtMost)
    throw new QuireError(
      "invalid_request",
      `A search may have ${queryAtMost} characters. Leave out what is not needed.`,
    );
  const alternatives: QueryPart[][] = [[]];
  for (const [, minus, quoted, plain = ""] of query.replace(quotes, '"').matchAll(partPattern)) {
    if (plain.toLowerCase() === "or" && !minus) alternatives.push([]);
    else
      alternatives.at(-1)?.push({
        text: quoted ?? plain,
        isQuoted: quoted !== undefined,
        isExcluded: minus !== "",
      });
  }
  return alternatives;
}

/**
 * What is looked for. Without a word that must be there, an alternative would find all the rest: it is left out.
 *
 * @param wordsOf the words of each part's text
 */
export function alternativesOf(
  parts: readonly (readonly QueryPart[])[],
  wordsOf: (text: string) => readonly string[],
): Alternative[] {
  const alternatives = parts.map((ofAlternative) => {
    const terms = ofAlternative
      .map(({ text, isQuoted, isExcluded }) => ({
        isExcluded,
        term: { words: wordsOf(text), isPrefix: !isQuoted && !isExcluded },
      }))
      .filter(({ term }) => term.words.length > 0);
    return {
      included: terms.filter(({ isExcluded }) => !isExcluded).map(({ term }) => term),
      excluded: terms.filter(({ isExcluded }) => isExcluded).map(({ term }) => term),
    };
  });
  return alternatives.filter(({ included }) => included.length > 0);
}

/** Whether the index tells too little: it knows neither what stands side by side nor what is not there. */
export function needsText(alternatives: readonly Alternative[]): boolean {
  return alternatives.some(
    ({ included, excluded }) => excluded.length > 0 || included.some(({ words }) => words.length > 1),
  );
}
