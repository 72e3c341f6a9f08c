import { connectClient } from "./database.ts";

/**
 * Holds an advisory lock on a connection of its own, until it is released, this process ends or the connection is
 * lost, as when the database restarts.
 *
 * @returns what releases it; null if somebody else holds it
 * @throws QuireError `database_unavailable`
 */
export async function holdLock(url: string, key: number): Promise<(() => Promise<void>) | null> {
  const client = await connectClient(url, "quire lock");
  const { rows } = await client.query<{ mine: boolean }>("select pg_try_advisory_lock($1) as mine", [key]);
  if (rows[0]?.mine) return () => client.end().catch(() => {});
  await client.end();
  return null;
}
