import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { loadConfig } from "@quire/core";
import { startMigratedCluster } from "@quire/store/testing";
import { prepareDatabase } from "../migrate.ts";
import { checks } from "./checks.ts";
import { DoctorContext } from "./context.ts";
import { type Result, runChecks } from "./runChecks.ts";

const cluster = await startMigratedCluster();
const folder = mkdtempSync(join(tmpdir(), "quire-doctor-test-"));
after(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true });
});
let installations = 0;

/** A prepared installation of its own. */
async function install(t: TestContext, env: Record<string, string> = {}) {
  const home = join(folder, `${installations++}`);
  const url = await cluster.createDatabase();
  const config = loadConfig({ DATABASE_URL: url, QUIRE_HOME: home, TEMP_DIR: folder, ...env });
  await prepareDatabase(url, config);
  const context = new DoctorContext(config);
  t.after(() => context.close());
  return {
    home,
    run: async (statement: string) => (await context.database()).query(statement),
    /** What these checks find, by their names. */
    async check(...names: string[]): Promise<Record<string, Result>> {
      const results = await runChecks(
        checks.filter(({ name }) => names.includes(name)),
        context,
      );
      return Object.fromEntries(results.map((result) => [result.name, result]));
    },
  };
}

test("policies and grants that are not those of the migrations are told, with the statement", async (t) => {
  const { run, check } = await install(t);
  assert.equal((await check("access rules"))["access rules"]?.verdict, "ok");

  await run(`create policy "all, on x" on public.pages for select to anon using (true)`);
  const added = (await check("access rules"))["access rules"];
  assert.equal(added?.verdict, "failure");
  assert.match(added?.message ?? "", /1 were added.*create policy "all, on x" on public.pages/);
  await run(`drop policy "all, on x" on public.pages`);

  await run("grant select on public.document_failures to anon");
  assert.match((await check("access rules"))["access rules"]?.message ?? "", /grant select on .*to anon/);
  await run("revoke select on public.document_failures from anon");
  await run("create table public.of_an_application (); grant select on public.of_an_application to anon");
  assert.equal((await check("access rules"))["access rules"]?.verdict, "ok", "it is not ours");

  await run("alter table public.page_contents disable row level security");
  const disabled = (await check("access rules"))["access rules"];
  assert.equal(disabled?.verdict, "failure");
  assert.match(disabled?.message ?? "", /1 are missing: alter table public.page_contents enable row/);
});

test("migrations that are missing fail, those of a newer version are a warning", async (t) => {
  const { run, check } = await install(t);
  await run("insert into supabase_migrations.schema_migrations (version) values ('29991231235959')");
  assert.deepEqual(
    Object.values(await check("migrations")).map(({ verdict }) => verdict),
    ["warning"],
  );
  await run("delete from supabase_migrations.schema_migrations where version < '20261121000300'");
  const found = await check("migrations", "access rules", "files");
  assert.equal(found.migrations?.verdict, "failure");
  assert.match(found.migrations?.remedy ?? "", /quire migrate/);
  assert.deepEqual([found["access rules"]?.verdict, found.files?.verdict], ["skipped", "skipped"]);
});

test("files: a folder of another database, and one that is open to others", async (t) => {
  const { home, check } = await install(t);
  const before = await check("files", "permissions");
  assert.deepEqual([before.files?.verdict, before.permissions?.verdict], ["ok", "ok"]);

  mkdirSync(join(home, "files", "open"), { mode: 0o755 });
  chmodSync(join(home, "files", "open"), 0o755);
  const opened = (await check("permissions")).permissions;
  assert.equal(opened?.verdict, "warning");
  assert.match(opened?.remedy ?? "", /chmod/);

  writeFileSync(join(home, "files", ".installation"), "of another");
  const ofAnother = (await check("files")).files;
  assert.equal(ofAnother?.verdict, "failure");
  assert.match(ofAnother?.message ?? "", /not the one of this database/);
});

test("a temporary folder that is not there, and models that are not", async (t) => {
  const { check } = await install(t, {
    TEMP_DIR: join(folder, "none"),
    TESSDATA_DIR: join(folder, "no-models"),
  });
  const found = await check("temporary folder", "models");
  assert.deepEqual([found["temporary folder"]?.verdict, found.models?.verdict], ["failure", "failure"]);
  assert.match(found["temporary folder"]?.remedy ?? "", /TEMP_DIR/);
  assert.match(found.models?.remedy ?? "", /TESSDATA_DIR/);
});

test("who answers from outside without a token is told", async (t) => {
  const token = { OPERATIONS_TOKEN: "a-token-of-sixteen" };
  const [open, closed] = [
    await install(t, { HOST: "0.0.0.0" }),
    await install(t, { HOST: "0.0.0.0", ...token }),
  ];
  assert.equal((await open.check("exposure")).exposure?.verdict, "warning");
  assert.equal((await closed.check("exposure")).exposure?.verdict, "ok");
});

test("the engine's check reads a page, and finds that it cannot", async (t) => {
  const { check } = await install(t);
  assert.deepEqual((await check("engine")).engine?.verdict, "ok");
  for (const without of [{ READER: "tesseract", TESSDATA_DIR: folder }, { MODELS_DIR: folder }]) {
    const found = (await (await install(t, without)).check("engine")).engine;
    assert.equal(found?.verdict, "failure");
    assert.match(`${found?.message}${found?.remedy}`, /TESSDATA_DIR|MODELS_DIR/);
  }
});
