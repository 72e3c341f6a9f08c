import { documentStatuses } from "@quire/core";
import { describeError } from "@quire/core/log";
import { type DocumentSummary, deleteFiles, type OwnedDocuments } from "@quire/store";
import { documentAnswer } from "../api/answers.ts";
import {
  type DocumentAnswer,
  type DocumentListAnswer,
  DocumentListSchema,
  DocumentSchema,
} from "../api/shapes.ts";
import { isActive } from "../events/isActive.ts";
import { oneOf, text, wholeNumber } from "./parameters.ts";
import { type Call, route } from "./route.ts";

const noStatus = 204;
/** A place to go on from has some 60 characters; all that is longer was not handed out. */
export const maxCursorCharacters = 200;

export const listDocuments = route({
  method: "get",
  path: "/api/documents",
  name: "listDocuments",
  audit: "listed",
  summary: "The documents, the newest first.",
  query: {
    status: oneOf("Only those.", documentStatuses),
    after: text("Where to go on: `next` of the part before.", maxCursorCharacters),
    limit: wholeNumber("How many.", { least: 1, most: 200, fallback: 50 }),
  },
  answers: { 200: { description: "One part of the list.", schema: DocumentListSchema } },
  async handle({ documents, query, response }) {
    const { documents: listed, next } = await documents.list(query);
    const answers = await withStandings(documents, listed);
    response.json({ documents: answers, next } satisfies DocumentListAnswer);
  },
});

export const getDocument = route({
  method: "get",
  path: "/api/documents/{id}",
  name: "getDocument",
  audit: "read",
  summary: "A document, and how far it has been read.",
  answers: { 200: { description: "The document.", schema: DocumentSchema } },
  refusals: ["document_not_found", "document_erased"],
  handle: answerDocument,
});

export const eraseDocument = route({
  method: "delete",
  path: "/api/documents/{id}",
  name: "eraseDocument",
  audit: "change",
  summary: "Deletes a document, its file and its pages. That it was there is all that is kept.",
  answers: { [noStatus]: { description: "It is gone." } },
  refusals: ["document_not_found", "document_erased"],
  async handle({ documents, id, response, services }) {
    const { keys } = await documents.erase(id);
    try {
      await deleteFiles(services.database, services.files, keys);
    } catch (error) {
      // The document is gone; what is left of its files a worker deletes within minutes.
      services.log.warn(
        { document: id, error: describeError(error) },
        "files of a deleted document are left",
      );
    }
    response.status(noStatus).end();
  },
});

export const cancelDocument = route({
  method: "post",
  path: "/api/documents/{id}/cancel",
  name: "cancelDocument",
  audit: "change",
  summary: "Stops reading a document. What has been read stays; of one that is at its end nothing changes.",
  answers: { 200: { description: "The document as it is now.", schema: DocumentSchema } },
  refusals: ["document_not_found", "document_erased"],
  async handle(call) {
    await call.documents.cancel(call.id);
    await answerDocument(call);
  },
});

const readAgainRefusals = [
  ...(["document_not_found", "document_erased", "original_erased", "document_busy"] as const),
  ...(["owner_queue_full", "queue_full"] as const),
];

export const retryDocument = route({
  method: "post",
  path: "/api/documents/{id}/retry",
  name: "retryDocument",
  audit: "change",
  summary: "Reads what is missing of a document that failed, was cancelled or has failed pages.",
  answers: { 200: { description: "The document as it is now.", schema: DocumentSchema } },
  refusals: readAgainRefusals,
  async handle(call) {
    await call.documents.redrive(call.id);
    await answerDocument(call);
  },
});

export const reprocessDocument = route({
  method: "post",
  path: "/api/documents/{id}/reprocess",
  name: "reprocessDocument",
  audit: "change",
  summary:
    "Reads a document anew. What was read stays until the new pages are complete, and then all of them change.",
  answers: { 200: { description: "The document as it is now.", schema: DocumentSchema } },
  refusals: readAgainRefusals,
  async handle(call) {
    await call.documents.reprocess(call.id);
    await answerDocument(call);
  },
});

async function answerDocument({ documents, id, response }: Call<unknown>): Promise<void> {
  response.json(await documentWithStanding(documents, id));
}

/** @throws QuireError `document_not_found`, `document_erased` */
export async function documentWithStanding(documents: OwnedDocuments, id: string): Promise<DocumentAnswer> {
  const [answer] = await withStandings(documents, [await documents.get(id)]);
  return answer as DocumentAnswer;
}

async function withStandings(
  documents: OwnedDocuments,
  summaries: readonly DocumentSummary[],
): Promise<DocumentAnswer[]> {
  const standings = await documents.standing(summaries.filter(isActive).map(({ id }) => id));
  return summaries.map((summary) => documentAnswer(summary, standings.get(summary.id)));
}
