import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { settings } from "@quire/core";
import { fromTop } from "./quire.ts";

/** The tables and keys of a TOML file that has nothing but `[table]` and `key = JSON value` on lines of their own. */
function tablesOf(text: string): Map<string, Map<string, unknown>> {
  const tables = new Map([["", new Map<string, unknown>()]]);
  let table = tables.get("") as Map<string, unknown>;
  for (const line of text.split("\n").filter((candidate) => !/^(#.*)?$/.test(candidate))) {
    const [, name] = /^\[([\w.]+)\]$/.exec(line) ?? [];
    if (name !== undefined) {
      assert.ok(!tables.has(name), `[${name}] is there twice`);
      table = new Map();
      tables.set(name, table);
      continue;
    }
    const [, key = "", value = ""] = /^(\w+) = (.+)$/.exec(line) ?? assert.fail(line);
    assert.ok(!table.has(key), `${key} is there twice`);
    table.set(key, JSON.parse(value));
  }
  return tables;
}

const tables = tablesOf(readFileSync(fromTop("supabase/config.toml"), "utf8"));
const read = (table: string, key: string) => tables.get(table)?.get(key);

test("its tables are those of the CLI's own template", () => {
  // supabase/cli, apps/cli-go/pkg/config/templates/config.toml
  const known =
    /^(api|db(\.(pooler|migrations|seed))?|realtime|studio|local_smtp|storage|auth(\.email)?|edge_runtime|analytics)?$/;
  const bucket = `storage.buckets.${settings.SUPABASE_BUCKET.default}`;
  for (const name of tables.keys()) assert.ok(known.test(name) || name === bucket, name);
});

test("the bucket is private and takes what is accepted", () => {
  const bucket = `storage.buckets.${settings.SUPABASE_BUCKET.default}`;
  assert.equal(read(bucket, "public"), false);
  const [, mebibytes] = /^(\d+)MiB$/.exec(String(read(bucket, "file_size_limit"))) ?? [];
  assert.ok(Number(mebibytes) * 1024 ** 2 >= Number(settings.MAX_FILE_MB.default) * 1e6);
  assert.equal(read("storage", "file_size_limit"), read(bucket, "file_size_limit"));
});

test("a link in a mail leads back to the page", () => {
  const page = `http://127.0.0.1:${settings.WEB_PORT.default}`;
  assert.equal(read("auth", "site_url"), page);
  const allowed = read("auth", "additional_redirect_urls") as string[];
  assert.ok(allowed.includes(`${page}/**`));
});

test("what Quire needs is on: sessions through the pooler, Realtime, the migrations", () => {
  assert.equal(read("db.pooler", "pool_mode"), "session");
  assert.equal(read("realtime", "enabled"), true);
  assert.equal(read("db.migrations", "enabled"), true);
  assert.ok(!(read("api", "schemas") as string[]).includes("quire"));
});
