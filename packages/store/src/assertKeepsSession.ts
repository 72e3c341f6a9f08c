import { randomUUID } from "node:crypto";
import { QuireError } from "@quire/core";
import type pg from "pg";
import { connectClient } from "./database.ts";

/** Supabase's poolers, the shared one (Supavisor) and a project's own (PgBouncer), share connections on this port. */
const transactionPort = "6543";
const supabaseHost = /\.supabase\.(com|co)$/i;
/** See {@link keepsSession}: enough for three sessions, and with more of them the first round tells. */
const rounds = 3;

/**
 * Whether a connection to the database is one session, as workers, the web server and migrations need: to listen, and to
 * hold a lock from one statement to the next. A transaction pooler gives each transaction to any of its sessions, and
 * would not say so: nobody would be woken, and two migrations could run at once.
 *
 * @throws QuireError `invalid_configuration` with what to use instead; `database_unavailable`
 */
export async function assertKeepsSession(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  if (port === transactionPort && supabaseHost.test(hostname)) throw isTransactionPooler();
  const clients: pg.Client[] = [];
  try {
    for (let n = 0; n < 2; n++) clients.push(await connectClient(url, "quire check"));
    const [client, other] = clients as [pg.Client, pg.Client];
    for (let round = 0; round < rounds; round++)
      if (!(await keepsSession(client, other, round))) throw isTransactionPooler();
  } finally {
    await Promise.all(clients.map((each) => each.end()));
  }
}

const mark = "quire.session";
const marked = `select current_setting('${mark}', true) as mark`;

/**
 * One sets something, another one takes a session and keeps it for a while, and the first one looks again. Each round
 * has one transaction more in between: sessions handed out in turn would else come round to the same client.
 */
async function keepsSession(client: pg.Client, other: pg.Client, round: number): Promise<boolean> {
  const ours = randomUUID();
  await client.query("select set_config($1, $2, false)", [mark, ours]);
  for (let n = 0; n < round; n++) await markOf(other);
  await other.query("begin");
  try {
    const theirs = await markOf(other);
    return theirs !== ours && (await markOf(client)) === ours;
  } finally {
    await other.query("rollback");
  }
}

async function markOf(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ mark: string | null }>(marked);
  return rows[0]?.mark ?? null;
}

function isTransactionPooler(): QuireError {
  return new QuireError(
    "invalid_configuration",
    "DATABASE_URL leads to a transaction pooler, which keeps no session between two statements. Use the session pooler " +
      "(at Supabase the same host with port 5432), or connect to Postgres directly.",
  );
}
