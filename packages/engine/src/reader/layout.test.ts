import assert from "node:assert/strict";
import { test } from "node:test";
import type { LaidLine } from "./laidLine.ts";
import { layOut } from "./layout.ts";

interface Named extends LaidLine {
  readonly name: string;
}

const lineHeight = 20;

function line(name: string, left: number, top: number, right: number, height = lineHeight): Named {
  return { name, left, right, top, bottom: top + height };
}

/** The names in reading order; lines of one row joined by "+". */
function order(lines: readonly Named[]): string[] {
  const rows: string[][] = [];
  for (const { line: placed, row } of layOut(lines)) rows[row] = [...(rows[row] ?? []), placed.name];
  return rows.map((row) => row.join("+"));
}

const shuffled = (lines: readonly Named[]) =>
  lines.toSorted(
    (one, other) => ((one.name.length * 7 + one.left) % 5) - ((other.name.length * 7 + other.left) % 5),
  );

/** Two columns of prose under a title and above a footer. */
function columns(): Named[] {
  const lines = [line("title", 50, 20, 750), line("footer", 50, 400, 700)];
  for (let index = 0; index < 8; index++) {
    lines.push(line(`l${index}`, 50, 80 + index * 30, 370), line(`r${index}`, 430, 87 + index * 30, 750));
  }
  return lines;
}

test("two columns are read one after the other, between what runs across them", () => {
  const expected = [
    "title",
    ...Array.from({ length: 8 }, (_, index) => `l${index}`),
    ...Array.from({ length: 8 }, (_, index) => `r${index}`),
    "footer",
  ];
  assert.deepEqual(order(columns()), expected);
  assert.deepEqual(order(shuffled(columns())), expected, "in whichever order they are found");
});

test("columns of prose whose lines stand at the same height are columns all the same", () => {
  const lines: Named[] = [];
  for (let index = 0; index < 6; index++)
    lines.push(line(`l${index}`, 50, index * 30, 370), line(`r${index}`, 430, index * 30, 750));
  assert.deepEqual(order(lines).slice(0, 6), ["l0", "l1", "l2", "l3", "l4", "l5"]);
});

test("a table is read row by row", () => {
  const lines: Named[] = [];
  for (let index = 0; index < 6; index++) {
    const top = 50 + index * 30;
    lines.push(
      line(`unit${index}`, 600, top + 1, 660),
      line(`name${index}`, 50, top, 190),
      line(`value${index}`, 300, top - 1, 350),
    );
  }
  assert.deepEqual(
    order(shuffled(lines)),
    [0, 1, 2, 3, 4, 5].map((index) => `name${index}+value${index}+unit${index}`),
  );
});

test("lines above one another are never one row, however close they are", () => {
  assert.deepEqual(order([line("upper", 50, 100, 300), line("lower", 50, 108, 300)]), ["upper", "lower"]);
  assert.deepEqual(order([line("low", 320, 106, 500), line("left", 50, 100, 300)]), ["left+low"]);
});

test("parts of one line that overlap a little are in one row, with all that stands beside them", () => {
  const parts = [line("c", 400, 101, 600), line("a", 50, 100, 215), line("b", 200, 102, 390)];
  assert.deepEqual(order(parts), ["a+b+c"]);
});

test("white space begins a paragraph, more of it a block; so does a heading", () => {
  const lines = [
    line("heading", 50, 0, 300, 40),
    line("a1", 50, 45, 400),
    line("a2", 50, 70, 400),
    line("b1", 50, 110, 400),
    line("c1", 50, 200, 400),
  ];
  assert.deepEqual(
    layOut(lines).map(({ line: { name }, paragraph, block }) => [name, paragraph, block]),
    [
      ["heading", 0, 0],
      ["a1", 1, 0],
      ["a2", 1, 0],
      ["b1", 2, 0],
      ["c1", 3, 1],
    ],
  );
});

test("a page without lines has no order", () => {
  assert.deepEqual(layOut([]), []);
});
