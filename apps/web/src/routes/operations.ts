import { watermarks } from "@quire/memory";
import { Operations } from "@quire/store";
import { documentAnswer } from "../api/answers.ts";
import {
  type MemoryAnswer,
  MemorySchema,
  type OperationsAnswer,
  OperationsSchema,
  type ReprocessedAnswer,
  ReprocessedSchema,
} from "../api/shapes.ts";
import { wholeNumber } from "./parameters.ts";
import { openRoute } from "./route.ts";

const eventsShown = 100;
const deadLettersShown = 100;
/** What a chart has room for. */
const memoryPoints = 300;
const maxHours = 48;
const authorization = {
  Authorization: "`Bearer` and the OPERATIONS_TOKEN, where one is set or people sign in.",
};

/** Whoever runs Quire where people sign in is not one of them: a document has its id there for a name. */
export const getOperations = openRoute({
  method: "get",
  path: "/api/operations",
  name: "getOperations",
  audit: "listed",
  summary: "Workers, queue, events and documents that gave up: of all owners.",
  headers: authorization,
  answers: { 200: { description: "How it stands.", schema: OperationsSchema } },
  refusals: ["unauthorized", "operations_closed"],
  access: "operator",
  async handle({ response, services: { callers, database } }) {
    const operations = new Operations(database);
    const answer = {
      workers: await operations.workers(),
      queue: await operations.queueDepth(),
      watermarks: {
        elevated: watermarks.elevated.enter,
        high: watermarks.high.enter,
        critical: watermarks.critical.enter,
      },
      events: await operations.events(eventsShown),
      deadLetters: (await operations.deadLetters(deadLettersShown)).map((each) =>
        documentAnswer(callers.signsIn ? { ...each, filename: each.id } : each, undefined),
      ),
      readByOlderReader: await operations.countReadByOlderReader(),
    };
    response.json(answer satisfies OperationsAnswer);
  },
});

export const retryDeadLetter = openRoute({
  method: "post",
  path: "/api/operations/documents/{id}/retry",
  name: "retryDeadLetter",
  audit: "change",
  summary: "Reads what is missing of a document that gave up, whoever's it is.",
  headers: authorization,
  answers: { 204: { description: "It waits again." } },
  refusals: [
    "unauthorized",
    "operations_closed",
    "document_not_found",
    "document_erased",
    "document_busy",
    "original_erased",
    "owner_queue_full",
    "queue_full",
  ],
  access: "operator",
  async handle({ response, id, services: { database } }) {
    await new Operations(database).redrive(id);
    response.status(204).end();
  },
});

export const reprocessOlder = openRoute({
  method: "post",
  path: "/api/operations/reprocess",
  name: "reprocessOlder",
  audit: "change",
  summary:
    "Runs OCR again, in the background, on documents that an older reader read: the newest first, at the lowest priority.",
  query: { limit: wholeNumber("How many.", { least: 1, most: 1_000, fallback: 100 }) },
  headers: authorization,
  answers: { 200: { description: "How many are queued.", schema: ReprocessedSchema } },
  refusals: ["unauthorized", "operations_closed"],
  access: "operator",
  async handle({ query, response, services: { database } }) {
    const { limit } = query;
    const answer: ReprocessedAnswer = await new Operations(database).reprocessReadByOlderReader(limit);
    response.json(answer);
  },
});

export const getMemory = openRoute({
  method: "get",
  path: "/api/operations/memory",
  name: "getMemory",
  summary: "The memory of each worker over time.",
  query: { hours: wholeNumber("How far back.", { least: 1, most: maxHours, fallback: 6 }) },
  headers: authorization,
  answers: { 200: { description: "The highest of each interval.", schema: MemorySchema } },
  refusals: ["unauthorized", "operations_closed"],
  access: "operator",
  async handle(call) {
    const operations = new Operations(call.services.database);
    const { hours } = call.query;
    const answer: MemoryAnswer = await operations.memory({ hours, maxPoints: memoryPoints });
    call.response.json(answer);
  },
});
