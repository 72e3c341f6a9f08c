import { QuireError } from "@quire/core";
import { carriesToken } from "@quire/core/token";
import { watermarks } from "@quire/memory";
import { Operations } from "@quire/store";
import { documentAnswer } from "../api/answers.ts";
import { type MemoryAnswer, MemorySchema, type OperationsAnswer, OperationsSchema } from "../api/shapes.ts";
import { wholeNumber } from "./parameters.ts";
import { type Call, route } from "./route.ts";

const eventsShown = 100;
const deadLettersShown = 100;
/** What a chart has room for. */
const memoryPoints = 300;
const maxHours = 48;
const authorization = { Authorization: "`Bearer` and the OPERATIONS_TOKEN, where one is set." };

export const getOperations = route({
  method: "get",
  path: "/api/operations",
  name: "getOperations",
  summary: "Workers, queue, events and documents that gave up: of all owners.",
  headers: authorization,
  answers: { 200: { description: "How it stands.", schema: OperationsSchema } },
  refusals: ["unauthorized"],
  async handle(call) {
    assertMayKnow(call);
    const operations = new Operations(call.services.database);
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
        documentAnswer(each, undefined),
      ),
    };
    call.response.json(answer satisfies OperationsAnswer);
  },
});

export const getMemory = route({
  method: "get",
  path: "/api/operations/memory",
  name: "getMemory",
  summary: "The memory of each worker over time.",
  query: { hours: wholeNumber("How far back.", { least: 1, most: maxHours, fallback: 6 }) },
  headers: authorization,
  answers: { 200: { description: "The highest of each interval.", schema: MemorySchema } },
  refusals: ["unauthorized"],
  async handle(call) {
    assertMayKnow(call);
    const operations = new Operations(call.services.database);
    const { hours } = call.query;
    const answer: MemoryAnswer = await operations.memory({ hours, maxPoints: memoryPoints });
    call.response.json(answer);
  },
});

/** @throws QuireError `unauthorized` */
function assertMayKnow({ request, services }: Call<unknown>): void {
  if (carriesToken(request.get("Authorization"), services.config.web.token)) return;
  throw new QuireError("unauthorized", "Send the OPERATIONS_TOKEN: Authorization: Bearer …");
}
