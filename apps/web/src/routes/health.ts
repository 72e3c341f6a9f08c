import * as v from "valibot";
import { type Asked, openRoute } from "./route.ts";

const StatusSchema = v.object({ status: v.picklist(["ok", "unavailable"]) });
const answerWithinMs = 2_000;

export const getHealth = openRoute({
  access: "anybody",
  method: "get",
  path: "/health",
  name: "getHealth",
  summary: "Whether the web server lives.",
  answers: { 200: { description: "It does.", schema: StatusSchema } },
  handle({ response }) {
    response.json({ status: "ok" });
  },
});

export const getReady = openRoute({
  access: "anybody",
  method: "get",
  path: "/ready",
  name: "getReady",
  summary: "Whether it can do its work: whether the database answers.",
  answers: {
    200: { description: "It can.", schema: StatusSchema },
    503: { description: "It cannot, for now.", schema: StatusSchema },
  },
  async handle(call) {
    const isReady = await databaseAnswers(call);
    call.response.status(isReady ? 200 : 503).json({ status: isReady ? "ok" : "unavailable" });
  },
});

async function databaseAnswers({ services }: Asked<unknown>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), answerWithinMs);
  // Not tried again by itself: whoever asks does.
  const asked = services.database.executeSql("select 1").then(
    () => true,
    () => false,
  );
  const answers = await Promise.race([asked, late.promise]);
  clearTimeout(timer);
  return answers;
}
