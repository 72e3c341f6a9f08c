import { canListen } from "@quire/store";
import { type Check, failure, ok } from "../check.ts";

/** Whether it is a direct connection or a session pooler. */
export const notifications: Check = {
  name: "connection",
  withinSeconds: 20,
  after: "database",
  async run(context) {
    return (await canListen(await context.databaseUrl()))
      ? ok("It stays ours, and hears what it listens for.")
      : failure(
          "It goes through a transaction pooler, or one that passes no notifications on.",
          "Point DATABASE_URL at the session pooler (port 5432 at Supabase) or at the database itself.",
        );
  },
};
