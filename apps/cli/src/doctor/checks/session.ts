import { assertKeepsSession } from "@quire/store";
import { type Check, ok } from "../check.ts";

/** Whether it is a direct connection or a session pooler. */
export const session: Check = {
  name: "connection",
  withinSeconds: 20,
  after: "database",
  async run(context) {
    await assertKeepsSession(await context.databaseUrl());
    return ok("It is a session of its own: no transaction pooler stands between.");
  },
};
