import assert from "node:assert/strict";
import { test } from "node:test";
import { pageText } from "../reader/pageText.ts";
import { parseTsv } from "./parseTsv.ts";

const tsv = [
  "1\t1\t0\t0\t0\t0\t0\t0\t1700\t2200\t-1\t",
  "5\t1\t1\t1\t1\t1\t100\t50\t80\t20\t96.1\tBlood",
  "5\t1\t1\t1\t1\t2\t190\t50\t90\t20\t91\tpressure",
  "5\t1\t1\t1\t2\t1\t100\t80\t60\t20\t88.5\t120/80",
  "5\t1\t1\t2\t1\t1\t100\t140\t60\t20\t95\t ",
  "5\t1\t2\t1\t1\t1\t100\t200\t60\t20\t-1\tmmHg",
  "",
].join("\n");

test("words come with box, confidence within bounds, line and block; blank ones are left out", () => {
  const words = parseTsv(tsv);
  assert.deepEqual(words[1], {
    text: "pressure",
    confidence: 91,
    box: { x: 190, y: 50, width: 90, height: 20 },
    line: 0,
    block: 0,
    paragraph: 0,
  });
  assert.deepEqual(
    words.map(({ text, line, block, confidence }) => [text, line, block, confidence]),
    [
      ["Blood", 0, 0, 96.1],
      ["pressure", 0, 0, 91],
      ["120/80", 1, 0, 88.5],
      ["mmHg", 2, 1, 0],
    ],
  );
});

test("marks without a letter or digit need some confidence, words need none", () => {
  const row = (text: string, confidence: number) => `5\t1\t1\t1\t1\t1\t1\t1\t9\t9\t${confidence}\t${text}`;
  const read = parseTsv([row("—", 29), row("|", 5), row("–", 30), row("é", 3), row("7", 0)].join("\n"));
  assert.deepEqual(
    read.map(({ text }) => text),
    ["–", "é", "7"],
  );
});

test("a box that reaches into the next word's ends where that begins, if that leaves enough of it", () => {
  const row = (left: number, width: number, top: number, line: number, text: string) =>
    `5\t1\t1\t1\t${line}\t1\t${left}\t${top}\t${width}\t30\t90\t${text}`;
  const boxes = parseTsv(
    [
      row(284, 189, 400, 1, "Pharmacy"),
      row(428, 44, 390, 1, "123"),
      row(440, 80, 400, 1, "Main"),
      row(450, 80, 450, 2, "apart"),
      row(520, 40, 500, 2, "above"),
    ].join("\n"),
  ).map(({ box: { x, width } }) => [x, width]);
  assert.deepEqual(boxes, [
    [284, 144],
    [428, 44],
    [440, 80],
    [450, 80],
    [520, 40],
  ]);
});

test("the text has blanks within lines and a blank line between paragraphs", () => {
  assert.equal(pageText(parseTsv(tsv)), "Blood pressure\n120/80\n\nmmHg");
});
