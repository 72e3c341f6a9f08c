import pg from "pg";
import { clientConfig } from "./database.ts";

/**
 * Holds an advisory lock on a connection of its own, until it is released or this process ends.
 *
 * @returns what releases it; null if somebody else holds it
 */
export async function holdLock(url: string, key: number): Promise<(() => Promise<void>) | null> {
  const client = new pg.Client({ ...clientConfig(url), application_name: "quire lock" });
  // Lost with its connection, as when the database restarts: then it is free for the next to take.
  client.on("error", () => {});
  await client.connect();
  const { rows } = await client.query<{ mine: boolean }>("select pg_try_advisory_lock($1) as mine", [key]);
  if (rows[0]?.mine) return () => client.end().catch(() => {});
  await client.end();
  return null;
}
