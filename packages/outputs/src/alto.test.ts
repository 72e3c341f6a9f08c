import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { failedPage, type PageReader, type PageResult, type Word } from "@quire/core";
import { formatAlto } from "./alto.ts";
import { oddPages } from "./testing/oddPages.ts";
import { collected, letterFacts, oneByOne, pageOf, uncertainAt, wordAt } from "./testing/samplePages.ts";
import { assertValidXml, xmlFaults } from "./testing/xmlCheck.ts";

const ownSchema = "alto-as-written.xsd";
/** ALTO 4.4 as its board has published it, where it is at hand. */
const publishedSchema = process.env.ALTO_XSD && resolve(process.env.ALTO_XSD);

async function assertValidAlto(xml: string): Promise<void> {
  await assertValidXml(xml, ownSchema);
  if (publishedSchema) await assertValidXml(xml, publishedSchema);
}

async function alto(pages: readonly PageResult[], name = "letter.pdf"): Promise<string> {
  return collected(formatAlto({ name, facts: letterFacts }, oneByOne(pages)));
}

test("a page has its blocks, lines and words where they stand, with blanks between them", async () => {
  const words = [wordAt("Two", 10, 5), wordAt("words", 50, 5), wordAt("below", 10, 40, 1, 1)];
  const xml = await alto([pageOf(words)]);
  await assertValidAlto(xml);
  assert.match(
    xml,
    /<Page ID="page_1" PHYSICAL_IMG_NR="1" WIDTH="1000" HEIGHT="1400" PROCESSINGREFS="reader_1" PC="0.9" LANG="en">/,
  );
  assert.match(xml, /<PrintSpace HPOS="10" VPOS="5" WIDTH="90" HEIGHT="55">/);
  assert.equal(xml.match(/<TextBlock /g)?.length, 2);
  assert.match(
    xml,
    /HPOS="10" VPOS="5" WIDTH="30" HEIGHT="20" WC="0.915" CONTENT="Two"\/><SP HPOS="40" VPOS="5" WIDTH="10"\/><String/,
  );
});

test("a word broken at the end of its line has its hyphen apart; one that ends in a dash does not", async () => {
  const xml = await alto([
    pageOf([
      wordAt("exami-", 10, 5),
      wordAt("nation", 10, 40, 1),
      wordAt("A-", 10, 80, 2),
      wordAt("Team", 10, 120, 3),
    ]),
  ]);
  await assertValidAlto(xml);
  assert.match(xml, /CONTENT="exami"\/><HYP CONTENT="-"\/><\/TextLine>/);
  assert.match(xml, /CONTENT="A-"\/><\/TextLine>/);
});

test("what is turned and askew says so, counter-clockwise", async () => {
  const words = [wordAt("Aside", 10, 5)];
  const rotation = async (about: Partial<PageResult>) =>
    /ROTATION="([^"]+)"/.exec(await alto([pageOf(words, about)]))?.[1];
  assert.equal(await rotation({ orientation: 90 }), "90");
  assert.equal(await rotation({ orientation: 270, skew: 2.5 }), "267.5");
  assert.equal(await rotation({ skew: 2.5 }), "-2.5");
  assert.equal(await rotation({}), undefined);
});

test("pages without words keep their place, and say why", async () => {
  const about = { pageNumber: 2, outcome: "blank", meanConfidence: null, reader: null } as const;
  const blank = pageOf([], about);
  const failed = failedPage(3, { code: "page_unreadable", message: "No." });
  const xml = await alto([pageOf([wordAt("One", 0, 0)]), blank, failed]);
  await assertValidAlto(xml);
  assert.match(xml, /<Page ID="page_2" PHYSICAL_IMG_NR="2" WIDTH="1000" HEIGHT="1400" LANG="en"\/>/);
  assert.match(
    xml,
    /<Page ID="page_3" PHYSICAL_IMG_NR="3" WIDTH="0" HEIGHT="0" QUALITY_DETAIL="page_unreadable"\/>/,
  );
  await assertValidAlto(await alto([]));
});

test("an uncertain word says so, with what the other reader read; a turned word has its corners", async () => {
  const turned = {
    ...wordAt("side", 0, 100),
    polygon: [
      { x: 0.4, y: 140 },
      { x: -3, y: 100 },
      { x: 20, y: 100 },
      { x: 20, y: 140 },
    ] satisfies Word["polygon"],
  };
  const xml = await alto([pageOf([uncertainAt("3.7", 10, 5, "3.1"), uncertainAt("maybe", 50, 5), turned])]);
  await assertValidAlto(xml);
  assert.match(xml, /<OtherTag ID="uncertain" TYPE="doubt" LABEL="uncertain"/);
  assert.match(
    xml,
    /WC="0.48" CONTENT="3.7" TAGREFS="uncertain"><ALTERNATIVE PURPOSE="other reading">3.1<\/ALTERNATIVE><\/String>/,
  );
  assert.match(xml, /CONTENT="maybe" TAGREFS="uncertain"\/>/);
  assert.match(
    xml,
    /CONTENT="side"><Shape><Polygon POINTS="0,140 0,100 20,100 20,140"\/><\/Shape><\/String>/,
  );
});

test("a hyphen at the end of a line is apart from the other reading as well", async () => {
  const broken = { ...wordAt("exami-", 10, 5), alternative: "exarni-" };
  const xml = await alto([pageOf([broken, wordAt("nation", 10, 40, 1)])]);
  assert.match(xml, /CONTENT="exami"><ALTERNATIVE PURPOSE="other reading">exarni<\/ALTERNATIVE>/);
});

test("what read the pages is described once each, ahead of them, and every page refers to its own", async () => {
  const other: PageReader = { engine: "tesseract", version: 2, quality: "fast", models: [] };
  const words = [wordAt("One", 0, 0)];
  const xml = await alto([
    pageOf(words),
    pageOf(words, { pageNumber: 2, outcome: "text_layer", reader: null }),
    pageOf(words, { pageNumber: 3, reader: other }),
    pageOf(words, { pageNumber: 4 }),
    // Read before readers were recorded.
    pageOf(words, { pageNumber: 5, reader: null }),
  ]);
  await assertValidAlto(xml);
  assert.deepEqual(
    [...xml.matchAll(/<Page [^>]*PROCESSINGREFS="([^"]*)"/g)].map(([, id]) => id),
    ["reader_1", "text_layer", "reader_2", "reader_1", "recognized"],
  );
  assert.match(
    xml,
    /<Processing ID="reader_1">.*<processingStepSettings>quality: balanced<.*<applicationDescription>reader: pp-ocr, version 2; models: detection, recognition; latin</,
  );
  assert.match(xml, /<Processing ID="reader_2">.*<applicationDescription>reader: tesseract, version 2</);
  assert.match(
    xml,
    /<Processing ID="text_layer">.*own text layer<.*<softwareVersion>[\d.]+<\/softwareVersion><\/pro/,
  );
});

test("a temporary folder that cannot be written is an error with its code", async () => {
  const written = formatAlto({ name: "a.pdf", facts: letterFacts }, oneByOne([]), { tempDir: "/nowhere" });
  await assert.rejects(collected(written), { code: "temp_dir_unavailable" });
});

test("no temporary file is left, at the end or when reading the pages fails", async () => {
  const tempDir = await mkdtemp(join(tmpdir(), "quire-alto-"));
  const document = { name: "a.pdf", facts: letterFacts };
  async function* failing() {
    yield pageOf([wordAt("One", 0, 0)]);
    throw new Error("the engine is gone");
  }
  try {
    await assert.rejects(collected(formatAlto(document, failing(), { tempDir })), /the engine is gone/);
    await collected(formatAlto(document, oneByOne([pageOf([wordAt("Größe", 0, 0)])]), { tempDir }));
    assert.deepEqual(await readdir(tempDir), []);
  } finally {
    await rm(tempDir, { recursive: true });
  }
});

test("it is valid whatever a page and the file's name hold", async () => {
  for (const seed of [1, 2, 3]) await assertValidAlto(await alto(oddPages(60, seed), `<&"\0;\\\uD800>.pdf`));
});

/** ALTO no longer, each for another reason. */
async function spoiltAlto(): Promise<string[]> {
  const xml = await alto([pageOf([wordAt("One", 0, 0)])]);
  const spoilt = [
    xml.replace('WC="0.915"', 'WC="91.5"'),
    xml.replace('LANG="en"', 'LANG="eng_us"'),
    xml.replace('ID="line_1_1_1"', 'ID="block_1_1"'),
    xml.replace("<TextLine", "<SP/><TextLine"),
  ];
  for (const contents of spoilt) assert.notEqual(contents, xml);
  return spoilt;
}

test("the schema of these tests refuses what is not ALTO", async () => {
  for (const contents of await spoiltAlto()) assert.notEqual(await xmlFaults(contents, ownSchema), "");
});

test("the schema of these tests refuses a reference to no processing or tag", async () => {
  const xml = await alto([pageOf([wordAt("One", 0, 0)])]);
  const faults = await xmlFaults(xml.replace('REFS="reader_1"', 'REFS="nowhere"'), ownSchema);
  assert.match(faults, /nowhere/);
  const doubtful = await alto([pageOf([uncertainAt("3.7", 0, 0)])]);
  assert.match(
    await xmlFaults(doubtful.replace('TAGREFS="uncertain"', 'TAGREFS="nobody"'), ownSchema),
    /nobody/,
  );
});

const skip = !publishedSchema && "ALTO_XSD names no published schema: only our own is asked";
test("the published schema, which is asked above as well, refuses what is not ALTO", { skip }, async () => {
  for (const contents of await spoiltAlto())
    assert.match(await xmlFaults(contents, String(publishedSchema)), /validity error/);
});
