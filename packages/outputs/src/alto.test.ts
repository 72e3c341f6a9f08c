import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { failedPage, type PageResult } from "@quire/core";
import { formatAlto } from "./alto.ts";
import { oddPages } from "./testing/oddPages.ts";
import { collected, letterFacts, oneByOne, pageOf, wordAt } from "./testing/samplePages.ts";
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
    /<Page ID="page_1" PHYSICAL_IMG_NR="1" WIDTH="1000" HEIGHT="1400" PROCESSINGREFS="recognized" PC="0.9" LANG="en">/,
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
  const blank = { ...pageOf([]), pageNumber: 2, outcome: "blank" as const, meanConfidence: null };
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

test("the schema of these tests refuses a page that refers to no processing", async () => {
  const xml = await alto([pageOf([wordAt("One", 0, 0)])]);
  const faults = await xmlFaults(xml.replace('REFS="recognized"', 'REFS="nowhere"'), ownSchema);
  assert.match(faults, /nowhere/);
});

const skip = !publishedSchema && "ALTO_XSD names no published schema: only our own is asked";
test("the published schema, which is asked above as well, refuses what is not ALTO", { skip }, async () => {
  for (const contents of await spoiltAlto())
    assert.match(await xmlFaults(contents, String(publishedSchema)), /validity error/);
});
