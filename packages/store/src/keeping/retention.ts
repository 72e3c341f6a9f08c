import type { Session } from "../database.ts";

/** Of 200 pages each at most: deleted well within the time that a statement may take. */
const documentsAtATime = 20;
const originalsAtATime = 500;
const entriesAtATime = 5_000;

/** What is kept no longer. Each returns how many; `goOn` is asked between two parts, for it to be ended. */
export type GoOn = () => boolean;

/** Erases documents that were kept for so many days: since they were finished, else since they were last to be read. */
export function eraseExpired(database: Pick<Session, "query">, days: number, goOn: GoOn): Promise<number> {
  return inParts(database, "quire.erase_expired", days, documentsAtATime, goOn);
}

/** Erases the files of documents that were finished so many days ago; what was read of them stays. */
export function eraseOriginals(database: Pick<Session, "query">, days: number, goOn: GoOn): Promise<number> {
  return inParts(database, "quire.erase_originals", days, originalsAtATime, goOn);
}

/** Removes entries of the audit log that are so many days old. @throws QuireError `invalid_request` under a day */
export function pruneAudit(database: Pick<Session, "query">, days: number, goOn: GoOn): Promise<number> {
  return inParts(database, "quire.prune_audit", days, entriesAtATime, goOn);
}

async function inParts(
  database: Pick<Session, "query">,
  name: "quire.erase_expired" | "quire.erase_originals" | "quire.prune_audit",
  days: number,
  atATime: number,
  goOn: GoOn,
): Promise<number> {
  for (let total = 0; ; ) {
    const [row] = await database.query<{ count: number }>(`select ${name}($1, $2) as count`, [days, atATime]);
    const count = row?.count ?? 0;
    total += count;
    if (count < atATime || !goOn()) return total;
  }
}
