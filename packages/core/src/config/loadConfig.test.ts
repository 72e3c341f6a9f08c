import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadConfig } from "./loadConfig.ts";
import { settings } from "./settings.ts";

test("an empty environment gives the defaults of the design", () => {
  const config = loadConfig({});
  assert.deepEqual(config.limits, {
    maxFileBytes: 50_000_000,
    maxPages: 200,
    maxPagePixels: 100_000_000,
    warnFileBytes: 10_000_000,
    warnPages: 50,
  });
  assert.equal(config.pageTimeoutSeconds, 120);
  assert.equal(config.gcEveryPages, 10);
  assert.equal(config.ocrThreads, null);
});

test("every setting can be overridden", () => {
  const config = loadConfig({
    MAX_PAGES: "12",
    MAX_FILE_MB: "1.5",
    OCR_THREADS: "3",
    MEMORY_LIMIT_MB: "512",
  });
  assert.equal(config.limits.maxPages, 12);
  assert.equal(config.limits.maxFileBytes, 1_500_000);
  assert.equal(config.ocrThreads, 3);
  assert.equal(config.memoryLimitBytes, 512 * 1024 * 1024);
});

test("everything that is wrong is named at once, and nothing that is right", () => {
  assert.throws(
    () => loadConfig({ MAX_PAGES: "many", OCR_THREADS: "1.5", GC_EVERY_PAGES: "0", MAX_FILE_MB: "10" }),
    (error: Error & { code: string }) => {
      assert.equal(error.code, "invalid_configuration");
      for (const name of ["MAX_PAGES", "OCR_THREADS", "GC_EVERY_PAGES"])
        assert.match(error.message, new RegExp(name));
      assert.doesNotMatch(error.message, /MAX_FILE_MB/);
      return true;
    },
  );
});

test("a fraction of a million is a whole number of pixels and bytes", () => {
  const { limits } = loadConfig({ MAX_PAGE_MEGAPIXELS: "8.2", MAX_FILE_MB: "16.1" });
  assert.equal(limits.maxPagePixels, 8_200_000);
  assert.equal(limits.maxFileBytes, 16_100_000);
  assert.throws(() => loadConfig({ WARN_FILE_MB: "Infinity" }), { code: "invalid_configuration" });
});

test("a token is one that a header carries", () => {
  const given = "0f3c5a9e+/=._~-0f3c5a9e";
  assert.equal(loadConfig({ OPERATIONS_TOKEN: given }).web.token, given);
  for (const token of ["too-short", "sixteen letters and spaces", "sechzehn-schöne-Zeichen"])
    assert.throws(() => loadConfig({ OPERATIONS_TOKEN: token }), { code: "invalid_configuration" });
});

test("an empty variable is as good as none", () => {
  assert.equal(loadConfig({ MAX_PAGES: "" }).limits.maxPages, 200);
});

test("docs/configuration.md shows every setting, its default and its meaning", () => {
  const documentation = readFileSync(new URL("../../../../docs/configuration.md", import.meta.url), "utf8");
  const unpadded = documentation.replace(/ +/g, " ");
  for (const [name, { default: fallback, meaning }] of Object.entries(settings)) {
    const row = `| \`${name}\` | ${fallback ?? "–"} | ${meaning} |`;
    assert.ok(unpadded.includes(row), `missing row: ${row}`);
  }
  const rows = unpadded.match(/^\| `[A-Z_]+` \|/gm) ?? [];
  assert.equal(rows.length, Object.keys(settings).length);
});
