import assert from "node:assert/strict";
import { after, before, type TestContext } from "node:test";
import { claimed, owner, page, Store, sha256 } from "../testing/fixtures.ts";
import { type DocumentsOf, inBothWays } from "../testing/inBothWays.ts";
import { startMigratedCluster } from "../testing/migratedCluster.ts";
import type { TestCluster } from "../testing/testDatabase.ts";

let cluster: TestCluster;
before(async () => {
  cluster = await startMigratedCluster();
});
after(() => cluster.stop());

const [ann, ben] = [owner("a"), owner("b")];

interface Library {
  readonly store: Store;
  /** What Ann finds: each hit as `filename page`. */
  find(query: string, limit?: number): Promise<string[]>;
  add(filename: string, texts: readonly string[], ownerId?: string): Promise<string>;
}

async function open(t: TestContext, documentsOf: DocumentsOf): Promise<Library> {
  const store = await Store.open(t, cluster);
  const queue = await store.queue();
  const documents = documentsOf(store, ann);
  return {
    store,
    async find(query, limit = 20) {
      const { hits } = await documents.search(query, { limit });
      return hits.map(({ filename, pageNumber }) => `${filename} ${pageNumber}`);
    },
    async add(filename, texts, ownerId = ann) {
      const id = await store.add({ filename, ownerId });
      const claim = await claimed(queue);
      const facts = { pageCount: texts.length, contentType: "application/pdf", sha256: sha256(id) };
      await claim.describe(facts);
      for (const [index, text] of texts.entries()) await claim.savePage(page(index + 1, { text }));
      await claim.finish(0.5);
      return id;
    },
  };
}

inBothWays(
  "words are found by their beginning, in whatever case and spelling they stand",
  async (t, documentsOf) => {
    const { add, find } = await open(t, documentsOf);
    await add("a", [
      "Der BLUTDRUCK war 120/80 mmHg, HbA1c 6.5 %.",
      "Äußere „Hypertonie/Diabetes“; Wert <LOD und > 5. Patient's note: e-mail dr.smith@praxis.example",
      "signi\uFB01cant Mu\u0308ller \u00B5g 5\u00BD हिन्दी Καρδιά ОГЛАВЛЕНИЕ 血圧は正常",
    ]);
    const expected: Record<string, string[]> = {
      ...{ blut: ["a 1"], "blutdruck mmhg": ["a 1"], "BlutDr HBA1": ["a 1"], lutdruck: [], blutdrucks: [] },
      ...{
        "120": ["a 1"],
        "120/80": ["a 1"],
        "80/120": [],
        "6.5": ["a 1"],
        "6.5 %": ["a 1"],
        "6,5": ["a 1"],
        "6.50": [],
      },
      ...{
        äuss: [],
        äuß: ["a 2"],
        ÄUßERE: ["a 2"],
        diabetes: ["a 2"],
        "hypertonie/dia": ["a 2"],
        lod: ["a 2"],
      },
      ...{
        "patient's": ["a 2"],
        patients: [],
        "e-mail": ["a 2"],
        "dr.smith@praxis.example": ["a 2"],
        smith: ["a 2"],
      },
      ...{
        significant: ["a 3"],
        müller: ["a 3"],
        "mu\u0308ll": ["a 3"],
        "\u03BCg": ["a 3"],
        हिन्दी: ["a 3"],
        καρδ: ["a 3"],
      },
      ...{ оглавление: ["a 3"], 血圧: ["a 3"], 圧: [] },
    };
    for (const [query, hits] of Object.entries(expected)) assert.deepEqual(await find(query), hits, query);
  },
);

inBothWays("quotes, minus and or mean what they usually do", async (t, documentsOf) => {
  const { add, find } = await open(t, documentsOf);
  await add("a", ["blood pressure high", "pressure of the blood", "bloody pressures", "or else"]);
  const expected: Record<string, string[]> = {
    "blood pressure": ["a 1", "a 2", "a 3"],
    '"blood pressure"': ["a 1"],
    "“blood pressure”": ["a 1"],
    '"blood pressure': ["a 1"],
    '"pressure"': ["a 1", "a 2"],
    "blood-pressure": ["a 1"],
    "pressure -blood": ["a 3"],
    'pressure -"blood pressure"': ["a 2", "a 3"],
    "pressure -high -bloody": ["a 2"],
    "high or else": ["a 1", "a 4"],
    "high OR else": ["a 1", "a 4"],
    "high blood or pressures": ["a 1", "a 3"],
    '"or" else': ["a 4"],
    "else or": ["a 4"],
    "or -blood high": [],
    "else or -blood": ["a 4"],
  };
  for (const [query, hits] of Object.entries(expected)) assert.deepEqual(await find(query), hits, query);
});

inBothWays("a query in which no word is looked for finds nothing", async (t, documentsOf) => {
  const { add, find } = await open(t, documentsOf);
  await add("a", ["some text"]);
  for (const query of [
    "",
    " ",
    "-",
    "--",
    '"',
    '""',
    "-text",
    "or",
    "or or",
    "😀",
    "%",
    "_",
    "\\",
    "'",
    "*",
    "\0",
    "\uD800",
    "…–•",
  ])
    assert.deepEqual(await find(query), [], JSON.stringify(query));
});

inBothWays(
  "what a query is made of stays text: it is no pattern, no operator and no statement",
  async (t, documentsOf) => {
    const { add, find } = await open(t, documentsOf);
    await add("a", ["some text", "100% _under_ back\\slash O'Neill & Sons: a|b !c <-> d* (e)"]);
    const expected: Record<string, string[]> = {
      "100%": ["a 2"],
      "some%text": ["a 1"],
      s_me: [],
      "back\\slash": ["a 2"],
      "o'neill": ["a 2"],
      "some' | 'x':*": [],
      "some:*": ["a 1"],
      "some & !text": ["a 1"],
      "some <-> text": ["a 1"],
      "text <2> some": [],
      "(some)": ["a 1"],
      "'); drop table pages; --": [],
      "$1 $7": [],
    };
    for (const [query, hits] of Object.entries(expected)) assert.deepEqual(await find(query), hits, query);
  },
);

inBothWays(
  "a query that is too long is refused, and one that is just not is answered",
  async (t, documentsOf) => {
    const { add, find } = await open(t, documentsOf);
    const word = "x".repeat(150);
    await add("a", [`${word} ${"\uFDFA".repeat(40)}`]);
    for (const query of ["a".repeat(201), "a ".repeat(101)])
      await assert.rejects(find(query), { code: "invalid_request" });
    for (const query of [
      "a ".repeat(100),
      "😀".repeat(100),
      '"'.repeat(200),
      "-".repeat(200),
      "a or ".repeat(40),
    ])
      assert.deepEqual(await find(query), []);
    assert.deepEqual(await find(word), ["a 1"]);
    assert.deepEqual(await find("x".repeat(200)), ["a 1"], "a word counts with its first 100 characters");
    assert.deepEqual(await find("\uFDFA".repeat(30)), ["a 1"], "a character that is eighteen");
  },
);

inBothWays("an owner finds their own pages only, and of them what can be seen", async (t, documentsOf) => {
  const { store, add, find } = await open(t, documentsOf);
  await add("bens", ["secret"], ben);
  const id = await add("anns", ["old text"]);
  const queue = await store.queue();
  await store.documents.reprocess(id);
  const claim = await claimed(queue);
  await claim.savePage(page(1, { text: "new text" }));
  assert.deepEqual(await find("secret"), []);
  assert.deepEqual(await find("-old secret"), []);
  assert.deepEqual([await find("text"), await find("old"), await find("new")], [["anns 1"], ["anns 1"], []]);
  await claim.finish(0.5);
  assert.deepEqual([await find("text"), await find("old"), await find("new")], [["anns 1"], [], ["anns 1"]]);
  await documentsOf(store, ann).erase(id);
  assert.deepEqual(await find("text"), []);
  const bens = documentsOf(store, ben);
  assert.equal((await bens.search("secret", { limit: 5 })).hits.length, 1);
  assert.deepEqual((await bens.search("secret", { limit: 5, documentId: id })).hits, []);
});

inBothWays(
  "owners whose ids end alike share a place in the index, and still see nothing of each other",
  async (t, documentsOf) => {
    const { store, add, find } = await open(t, documentsOf);
    await add("anns", ["common ground"]);
    await add("theirs", ["common sense"], `11111111${ann.slice(8)}`);
    assert.deepEqual(await find("common"), ["anns 1"]);
    const theirs = documentsOf(store, `11111111${ann.slice(8)}`);
    const { hits } = await theirs.search('"common sense" or common', { limit: 5 });
    assert.deepEqual(
      hits.map(({ filename }) => filename),
      ["theirs"],
    );
  },
);

inBothWays(
  "the newest document comes first, its pages in order, in parts that lose and repeat none",
  async (t, documentsOf) => {
    const { store, add } = await open(t, documentsOf);
    await add("c", ["word", "none", "word"]);
    await add("b", ["word", "word"]);
    const newest = await add("a", ["none", "word", "word", "word"]);
    await store.rows("update documents set created_at = '2026-01-01' where filename <> 'a'");
    const tied = await store.rows<{ filename: string }>(
      "select filename from documents where filename <> 'a' order by id desc",
    );
    const pages: Record<string, string[]> = {
      a: ["a 2", "a 3", "a 4"],
      b: ["b 1", "b 2"],
      c: ["c 1", "c 3"],
    };
    const expected = ["a", ...tied.map(({ filename }) => filename)].flatMap((name) => pages[name] ?? []);
    const documents = documentsOf(store, ann);
    for (const query of ["wor", '"word"', "word -none"])
      for (const limit of [1, 2, 3, 7, 50]) {
        const found: string[] = [];
        for (let next: string | null = null, part = 0; part === 0 || next !== null; part++) {
          const hits = await documents.search(query, { after: next, limit });
          assert.ok(hits.hits.length <= limit);
          found.push(...hits.hits.map(({ filename, pageNumber }) => `${filename} ${pageNumber}`));
          next = hits.next;
        }
        assert.deepEqual(found, expected, `${query}, ${limit} at once`);
      }
    const within = await documents.search("word", { documentId: newest, limit: 2 });
    assert.deepEqual(
      within.hits.map(({ pageNumber }) => pageNumber),
      [2, 3],
    );
    const rest = await documents.search("word", { documentId: newest, after: within.next, limit: 2 });
    assert.deepEqual([rest.hits.map(({ pageNumber }) => pageNumber), rest.next], [[4], null]);
    for (const after of ["", "x", "%"])
      await assert.rejects(documents.search("word", { after, limit: 1 }), { code: "invalid_request" });
  },
);

inBothWays(
  "where the text has to be looked through, that is done for 500 pages at a time",
  async (t, documentsOf) => {
    const { store, add } = await open(t, documentsOf);
    const id = await add("a", ["first second"]);
    await store.rows(
      `insert into pages (document_id, run, page_number, owner_id, claim, outcome, width, height, dpi, rotation, duration_ms)
     select $1, 1, n, $2, 1, 'recognized', 1, 1, 200, 0, 1 from generate_series(2, 1300) n`,
      id,
      ann,
    );
    await store.rows(
      `insert into page_contents (document_id, run, page_number, owner_id, text, words)
     select $1, 1, n, $2, case when n in (600, 601, 1300) then 'second first' else 'first, then second' end, '[]'
     from generate_series(2, 1300) n`,
      id,
      ann,
    );
    const documents = documentsOf(store, ann);
    const parts: number[][] = [];
    for (let next: string | null = null, part = 0; part === 0 || next !== null; part++) {
      const hits = await documents.search('"second first"', { after: next, limit: 1 });
      parts.push(hits.hits.map(({ pageNumber }) => pageNumber));
      next = hits.next;
    }
    assert.deepEqual(parts, [[], [600], [601], [], [1300]].slice(0, parts.length));
    assert.deepEqual(parts.flat(), [600, 601, 1300]);
    assert.equal((await documents.search("first", { limit: 1_000 })).hits.length, 50, "at most 50 at once");

    await store.rows("analyze page_contents");
    const plan = await store.rows<{ "QUERY PLAN": string }>(
      `explain select c.page_number from page_contents c
     where quire.searchable(c.owner_id, c.text) @@ $$'${ann.slice(-12)}first':*$$::tsquery`,
    );
    assert.match(
      plan.map((row) => row["QUERY PLAN"]).join("\n"),
      /page_contents_searchable/,
      "the index answers",
    );
  },
);

inBothWays(
  "no page is too large, or too strange, to be saved, and what it begins with is found",
  async (t, documentsOf) => {
    const { add, find, store } = await open(t, documentsOf);
    const words = (count: number, word: (n: number) => string) =>
      Array.from({ length: count }, (_, n) => word(n)).join(" ");
    const mathematical = (n: number) =>
      [...n.toString(26).padStart(4, "0")]
        .map((digit) => String.fromCodePoint(0x1d400 + Number.parseInt(digit, 26)))
        .join("");
    const texts = [
      `begins ${words(400_000, (n) => n.toString(36).padStart(4, "0"))}`,
      `begins ${"x".repeat(1_999_000)}`,
      `begins ${words(250_000, (n) => `${n.toString(36).padStart(3, "0")}-${n % 36}/a@b.c`)}`,
      `begins ${words(400_000, mathematical)}`,
      `begins ${words(400_000, (n) => String.fromCodePoint(0x4e00 + (n % 20_000), 0x20000 + (n % 40_000), 0x20000 + (n >> 3)))}`,
      `begins ${words(500_000, (n) => String.fromCodePoint(0x3300 + (n % 88), 0x3300 + ((n >> 4) % 88), 0x3300 + ((n >> 9) % 88)))}`,
      `begins ${"\uFDFA".repeat(1_000_000)}`,
      `begins ${words(600_000, (n) => String.fromCodePoint(0xac00 + (n % 11_000)))}`,
      `begins ${"<a href='".repeat(200_000)}`,
      `begins ${"a\u0301".repeat(900_000)}`,
      `begins ${"\uD800".repeat(1_000_000)}`,
    ].map((text) => text.slice(0, 2_000_000));
    await add("a", texts);
    assert.deepEqual(
      await find("begins"),
      texts.map((_, index) => `a ${index + 1}`),
    );
    assert.deepEqual(await find('"begins 0000 0001"'), ["a 1"]);
    assert.equal(await store.value("select max(length(text)) from page_contents"), 2_000_000);
  },
);
