import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { EmbeddedPostgres, runningUrl } from "./embeddedPostgres.ts";

const asRoot = process.getuid?.() === 0;
const home = mkdtempSync(join(tmpdir(), "quire-embedded-"));
chmodSync(home, 0o711);
const folder = join(home, "postgres");
const started: EmbeddedPostgres[] = [];

after(async () => {
  for (const postgres of started) await postgres.stop("immediate");
  rmSync(home, { recursive: true });
});

async function start(path = folder, settings: Record<string, string> = {}): Promise<EmbeddedPostgres> {
  const postgres = await EmbeddedPostgres.start({ folder: path, settings });
  started.push(postgres);
  return postgres;
}

async function ask(url: string, query: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query({ text: query, rowMode: "array" });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

const modeOf = (path: string) => statSync(path).mode & 0o777;
const postmasterPid = () => Number(readFileSync(join(folder, "data/postmaster.pid"), "utf8").split("\n")[0]);
const password = () => readFileSync(join(folder, "password"), "utf8");

test("a folder without a cluster gets one: durable, private, at 127.0.0.1 only", async () => {
  assert.equal(await runningUrl(folder), null);
  const { url } = await start();
  assert.match(url, /^postgres:\/\/quire:[0-9a-f]{32}@127\.0\.0\.1:\d+\/postgres$/);
  assert.equal(await ask(url, "show fsync"), "on");
  assert.equal(await ask(url, "show synchronous_commit"), "on");
  assert.equal(await ask(url, "show listen_addresses"), "127.0.0.1");
  assert.equal(await ask(url, "show unix_socket_directories"), "");
  assert.equal(await ask(url, "show server_encoding"), "UTF8");
  assert.equal(modeOf(join(folder, "password")), 0o600);
  assert.equal(modeOf(join(folder, "data")), 0o700);
  assert.equal(modeOf(folder), asRoot ? 0o711 : 0o700);
  assert.deepEqual(readdirSync(folder).sort(), ["data", "password", "postgres.log"]);
});

test("another password is refused", async () => {
  const url = (await start()).url.replace(/quire:\w+@/, "quire:guessed@");
  await assert.rejects(ask(url, "select 1"), { code: "28P01" });
});

test("a second start adopts what runs, and another process finds its url", async () => {
  const first = await start();
  const pid = postmasterPid();
  const second = await start();
  assert.equal(second.url, first.url);
  assert.equal(postmasterPid(), pid);
  assert.equal(await runningUrl(folder), first.url);
});

test("stopped and started again, it keeps data and password", async () => {
  const first = await start();
  await ask(first.url, "create table kept as select 42 as answer");
  const before = password();
  await first.stop();
  await first.stop();
  assert.equal(await runningUrl(folder), null);
  await assert.rejects(ask(first.url, "select 1"), { code: "ECONNREFUSED" });
  const second = await start();
  assert.equal(await ask(second.url, "select answer from kept"), 42);
  assert.equal(password(), before);
});

test("a restart keeps the url, whichever way it stops", async () => {
  const postgres = await start();
  for (const mode of ["fast", "immediate"] as const) {
    const pid = postmasterPid();
    await postgres.restart(mode);
    assert.notEqual(postmasterPid(), pid);
    assert.equal(await runningUrl(folder), postgres.url);
  }
});

test("killed, it recovers at the next start", async () => {
  const first = await start();
  await ask(first.url, "create table committed as select 7 as answer");
  process.kill(postmasterPid(), "SIGKILL");
  const second = await start();
  assert.equal(await ask(second.url, "select answer from committed"), 7);
});

test("a lock file from before a power cut that names a living stranger does not stop a start", async () => {
  await (await start()).stop();
  const stale = `${process.pid}\n${join(folder, "data")}\n1\n5432\n\n127.0.0.1\n\nready   \n`;
  writeFileSync(join(folder, "data/postmaster.pid"), stale);
  assert.equal(await runningUrl(folder), null);
  const { url } = await start();
  assert.equal(await runningUrl(folder), url);
});

test("settings are handed over as they are", async () => {
  const awkward = join(home, "it's a folder");
  const value = 'it\'s "quoted" $HOME';
  const postgres = await start(awkward, { application_name: value, max_connections: "20" });
  assert.equal(await ask(postgres.urlOf("template1"), "show max_connections"), "20");
  assert.equal(
    await ask(postgres.url, "select reset_val from pg_settings where name = 'application_name'"),
    value,
  );
  await postgres.stop();
});

test("several that start in the same empty folder agree on one", async () => {
  const shared = join(home, "shared");
  const [first, ...others] = await Promise.all([start(shared), start(shared), start(shared)]);
  assert.deepEqual(
    others.map(({ url }) => url),
    [first.url, first.url],
  );
  assert.deepEqual(readdirSync(shared).sort(), ["data", "password", "postgres.log"]);
  await first.stop();
});

test("a start that fails says why, and leaves nothing running", async () => {
  await (await start()).stop();
  await assert.rejects(EmbeddedPostgres.start({ folder, settings: { shared_buffers: "many" } }), {
    code: "database_unavailable",
    message: /invalid value for parameter "shared_buffers"/,
  });
  assert.equal(await runningUrl(folder), null);
});

test("as root, a folder that Postgres' user may not enter is refused", { skip: !asRoot }, async () => {
  const closed = join(home, "closed");
  mkdirSync(closed, { mode: 0o700 });
  await assert.rejects(EmbeddedPostgres.start({ folder: join(closed, "postgres") }), {
    code: "invalid_configuration",
    message: new RegExp(`${closed}: set QUIRE_HOME`),
  });
});
