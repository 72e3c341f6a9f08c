import assert from "node:assert/strict";
import { test } from "node:test";
import { collect, deaths, fake, readOptions, start } from "../testing/fakeDocuments.ts";

const automatic = { ...readOptions, languages: ["auto"] };

for (const [how, dies, env] of [
  ["crashes", { crashChoosing: true }, {}],
  ["stands still", { hangChoosing: true }, { PAGE_TIMEOUT_SECONDS: "1" }],
] as const) {
  test(`no page is to blame for an engine that ${how} at others, to choose languages by, and it does so once`, async () => {
    const document = await start(env).openDocument(fake({ pages: 8, ...dies }), automatic);
    const pages = await collect(document);
    assert.ok(pages.length === 8 && pages.every(({ outcome }) => outcome === "recognized"));
    assert.equal(deaths().length, 1);
  });
}

test("the next engine reads in the languages that were chosen", async () => {
  const document = await start().openDocument(
    fake({ pages: 8, crash: [3], chooses: ["fra", "eng"] }),
    automatic,
  );
  const pages = await collect(document);
  assert.ok(deaths().length > 0);
  assert.deepEqual(pages.at(-1)?.languages, ["fra", "eng"]);
});

test("an engine that names what is no language is killed", async () => {
  const document = await start().openDocument(fake({ pages: 2, chooses: ["../../etc"] }), automatic);
  await collect(document);
  assert.ok(deaths().length > 0);
});
