import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { findModels } from "@quire/models";
import { runQuire } from "./quire.ts";

const folder = mkdtempSync(join(tmpdir(), "quire-models-"));
after(() => rmSync(folder, { recursive: true }));
const [damaged, missing] = [join(folder, "damaged"), join(folder, "missing")];
for (const each of [damaged, missing])
  cpSync(dirname(findModels(null).detector.path), each, { recursive: true });
truncateSync(join(damaged, "quire-tiny-rec-latin.onnx"), 1_000_000);
rmSync(join(missing, "pp-ocrv6-small-rec-latin.onnx"));
const cases = [
  ["models_damaged", damaged],
  ["models_missing", missing],
] as const;
/** No database answers there. */
const nowhere = {
  DATABASE_URL: "postgres://nobody@127.0.0.1:1/nothing",
  QUIRE_HOME: join(folder, "home"),
  PORT: "0",
};

for (const [code, modelsDir] of cases)
  test(`${code} stops what reads documents before anything is opened, with a remedy`, async () => {
    const env = { ...nowhere, MODELS_DIR: modelsDir };
    for (const args of [["ocr", "no-such-file.pdf"], ["worker"], ["worker", "--supervise"], ["start"]]) {
      const { code: exitCode, stdout, stderr } = await runQuire(args, env);
      assert.deepEqual([exitCode, stdout], [2, ""], args.join(" "));
      assert.match(
        stderr,
        new RegExp(`^quire: ${code}: .*MODELS_DIR.*READER=tesseract\\.\\n$`),
        args.join(" "),
      );
    }
  });

test("damaged models stop nothing that reads no documents, and nothing where Tesseract reads", async () => {
  const env = { ...nowhere, MODELS_DIR: damaged };
  const list = await runQuire(["list"], env);
  assert.match(list.stderr, /^quire: database_unavailable: /);
  const web = await runQuire(["web"], env);
  assert.match(web.stderr, /^quire: database_unavailable: /m);
  const doctor = await runQuire(["doctor", "--json"], env);
  const { checks } = JSON.parse(doctor.stdout) as {
    checks: { name: string; message: string; remedy: string }[];
  };
  assert.ok(checks.length > 10);
  const models = checks.find(({ name }) => name === "models");
  assert.match(models?.message ?? "", /^models_damaged: .*quire-tiny-rec-latin\.onnx/);
  assert.match(models?.remedy ?? "", /MODELS_DIR/);
  const tesseract = await runQuire(["ocr", "no-such-file.pdf"], { ...env, READER: "tesseract" });
  assert.equal(tesseract.code, 3);
  assert.match(tesseract.stderr, /no-such-file\.pdf: file_unreadable/);
});
