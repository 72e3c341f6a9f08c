import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connectClient } from "../database.ts";

/** Over the slowest line; where it does not come, it was not heard. */
const heardWithinMs = 3_000;

/**
 * Whether a connection stays ours between two statements, as workers and web servers need it to hear of what happens: a
 * transaction pooler gives it to somebody else, and what we listen for is lost.
 *
 * @throws QuireError `database_unavailable`
 */
export async function canListen(url: string): Promise<boolean> {
  const [listener, other] = [
    await connectClient(url, "quire doctor"),
    await connectClient(url, "quire doctor"),
  ];
  try {
    const channel = `quire_doctor_${randomUUID().replaceAll("-", "")}`;
    await listener.query(`listen ${channel}`);
    const heard = once(listener, "notification", { signal: AbortSignal.timeout(heardWithinMs) });
    heard.catch(() => {});
    await other.query("select pg_notify($1, '')", [channel]);
    return await heard.then(
      () => true,
      () => false,
    );
  } finally {
    await Promise.allSettled([listener.end(), other.end()]);
  }
}
