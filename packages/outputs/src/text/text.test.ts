import assert from "node:assert/strict";
import { test } from "node:test";
import { type PageResult, toReadingSpace, type Word } from "@quire/core";
import { collected, letterFacts, oneByOne, pageOf, uncertainAt, wordAt } from "../testing/samplePages.ts";
import { formatText } from "./text.ts";

async function text(...pages: PageResult[]): Promise<string> {
  return collected(formatText({ name: "letter.pdf", facts: letterFacts }, oneByOne(pages)));
}

/** The words of a line, 10 pixels a character and a blank between two. */
function lineAt(written: string, x: number, y: number, line: number, block = line): Word[] {
  let at = x;
  return (written === "" ? [] : written.split(" ")).map((each) => {
    const word = wordAt(each, at, y, line, block);
    at += (each.length + 1) * 10;
    return word;
  });
}

/** Set closer than the rest of the page. */
function narrow(words: Word[], left: number): Word[] {
  return words.map((word) => {
    const { box } = word;
    return { ...word, box: { ...box, x: left + (box.x - left) * 0.7, width: box.width * 0.7 } };
  });
}

/** As Tesseract reads it: a column after the other. */
const table = pageOf([
  ...["Test", "Glucose", "", "Sodium"].flatMap((cell, row) => lineAt(cell, 100, row * 30, row)),
  ...narrow(lineAt("Urea nitrogen, a long name", 100, 60, 5), 100),
  ...["Result", "95", "14", "139"].flatMap((cell, row) => lineAt(cell, 300, row * 30, 10 + row)),
  ...["Units", "mg/dL", "mg/dL", "mEq/L"].flatMap((cell, row) => lineAt(cell, 500, row * 30, 20 + row)),
  ...lineAt("Fasting.", 100, 200, 30),
]);

const laidOut = `Test                        Result              Units
Glucose                     95                  mg/dL
Urea nitrogen, a long name  14                  mg/dL
Sodium                      139                 mEq/L

Fasting.
`;

test("a table has its rows, and its columns stay columns where a cell is too long", async () => {
  assert.equal(await text(table), laidOut);
});

test("a page on its side and askew comes out the same", async () => {
  for (const orientation of [90, 180, 270] as const) {
    const lying: PageResult = {
      ...table,
      orientation,
      ...(orientation === 180 ? {} : { width: 1400, height: 1000 }),
    };
    // What `toReadingSpace` undoes: the turn the other way.
    const back = { ...table, orientation: (360 - orientation) as 90 | 180 | 270 };
    const words = table.words.map((word) => ({ ...word, box: toReadingSpace(back, word.box) }));
    assert.equal(await text({ ...lying, words }), laidOut);
  }
  const askew = {
    ...table,
    skew: 5,
    words: table.words.map((word) => ({ ...word, box: askewBy(5, word.box) })),
  };
  assert.equal(await text(askew), laidOut);
});

test("running text is given as it is read, and so are columns of it", async () => {
  const paragraph = Array.from({ length: 8 }, (_, row) =>
    lineAt("words that run on and on", 100, row * 30, row),
  ).flat();
  assert.equal(await text({ ...pageOf(paragraph), text: "as it is read" }), "as it is read\n");

  const second = Array.from({ length: 8 }, (_, row) =>
    lineAt("another column of such words", 600, row * 30, 10 + row),
  ).flat();
  assert.equal(
    await text({ ...pageOf([...paragraph, ...second]), text: "as it is read" }),
    "as it is read\n",
  );
});

test("a wide blank in a line, and a line in which all blanks are wide, make no columns", async () => {
  const ragged = [
    ...lineAt("Printed: today", 0, 0, 0),
    ...lineAt("Page 1", 800, 0, 0),
    ...lineAt("Text.", 0, 60, 1),
  ];
  assert.equal(await text({ ...pageOf(ragged), text: "as it is read" }), "as it is read\n");
  // A typewriter's letters are 12 wide, its blank 12 and what the letters leave free beside them.
  const typed = [0, 1, 2].flatMap((line) =>
    [0, 1, 2, 3].map((index) => ({
      ...wordAt("typed", index * 80, line * 30, line),
      box: { x: index * 80, y: line * 30, width: 58, height: 16 },
    })),
  );
  assert.equal(await text({ ...pageOf(typed), text: "as it is read" }), "as it is read\n");
});

test("what is written from the right to the left stays as it is read", async () => {
  const hebrew = { ...table, text: "שלום" };
  assert.equal(await text(hebrew), "שלום\n");
});

async function marked(page: PageResult): Promise<string> {
  const document = { name: "letter.pdf", facts: letterFacts };
  return collected(formatText(document, oneByOne([page]), { markUncertain: true }));
}

test("marks follow uncertain words, in the page's own paragraphs, and only where they are asked for", async () => {
  const words = [wordAt("Potassium", 0, 0), uncertainAt("3.7", 120, 0, "3.1"), wordAt("mmol/L", 160, 0)];
  const page = pageOf(words, { text: "Potassium  3.7\n\nmmol/L" });
  assert.equal(await marked(page), "Potassium  3.7[?]\n\nmmol/L\n");
  assert.equal(await text(page), "Potassium  3.7\n\nmmol/L\n");
  assert.equal(await marked(pageOf([wordAt("Potassium", 0, 0)], { text: "as it is" })), "as it is\n");
});

test("words without blanks between them are marked in their places", async () => {
  const words = [wordAt("第", 0, 0), uncertainAt("3", 20, 0), wordAt("頁", 40, 0)];
  assert.equal(await marked(pageOf(words, { text: "第3頁" })), "第3[?]頁\n");
});

test("a text that is not that of its words is made from them where marks are asked for", async () => {
  const words = [
    wordAt("Dose", 0, 0),
    uncertainAt("10", 50, 0),
    wordAt("daily", 0, 30, 1),
    wordAt("Signed", 0, 90, 2, 1),
  ];
  assert.equal(await marked(pageOf(words, { text: "other" })), "Dose 10[?]\ndaily\n\nSigned\n");
});

test("a table with marks keeps its columns", async () => {
  const words = table.words.map((word) => ({ ...word, uncertain: ["14", "mg/dL"].includes(word.text) }));
  assert.equal(
    await marked({ ...table, words }),
    laidOut
      .replace("14                  mg/dL", "14[?]               mg/dL[?]")
      .replace("95                  mg/dL", "95                  mg/dL[?]"),
  );
});

test("marks do not decide whether a page is laid out", async () => {
  const paragraph = Array.from({ length: 8 }, (_, row) =>
    lineAt("a b c d e f g h", 100, row * 30, row).map((word) => ({ ...word, uncertain: true })),
  ).flat();
  const readText = paragraph.map((word) => word.text).join(" ");
  assert.equal(await marked(pageOf(paragraph)), `${readText.replaceAll(/\w/g, "$&[?]")}\n`);
});

test("fifty thousand words in all places and of all sizes are laid out in bounded room", async () => {
  const words = Array.from({ length: 50_000 }, (_, index) => ({
    ...wordAt("w", (index * 7919) % 1000, (index * 104_729) % 1400, index),
    box: { x: (index * 7919) % 1000, y: (index * 104_729) % 1400, width: 0.001, height: 1 + (index % 30) },
  }));
  assert.ok((await text({ ...pageOf(words), text: "" })).length <= 4_000_000);
});

function askewBy(degrees: number, { x, y, width, height }: Word["box"]): Word["box"] {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [centreX, centreY] = [x + width / 2, y + height / 2];
  const [w, h] = [width * cos + height * sin, width * sin + height * cos];
  return {
    x: centreX * cos - centreY * sin - w / 2,
    y: centreX * sin + centreY * cos - h / 2,
    width: w,
    height: h,
  };
}
