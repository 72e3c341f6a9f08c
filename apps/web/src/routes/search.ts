import { type SearchAnswer, SearchSchema } from "../api/shapes.ts";
import { maxCursorCharacters } from "./documents.ts";
import { text, wholeNumber } from "./parameters.ts";
import { route } from "./route.ts";

/** What is searched for; the database has the last word. */
const maxQueryCharacters = 1_000;
const uuidCharacters = 36;

export const search = route({
  method: "get",
  path: "/api/search",
  name: "search",
  audit: "searched",
  summary:
    'Finds words in what was read: all of them, or "exactly these", -without, one OR another; words may be cut off.',
  query: {
    q: text("What to find.", maxQueryCharacters),
    document: text("In this document only.", uuidCharacters),
    after: text("Where to go on: `next` of the part before.", maxCursorCharacters),
    limit: wholeNumber("How many pages.", { least: 1, most: 100, fallback: 20 }),
  },
  answers: { 200: { description: "The pages that were found.", schema: SearchSchema } },
  refusals: ["document_not_found", "document_erased"],
  async handle({ documents, query: { q = "", document, after, limit }, response }) {
    const { hits, next } = await documents.search(q, { documentId: document, after, limit });
    response.json({ hits, next } satisfies SearchAnswer);
  },
});
