import assert from "node:assert/strict";
import { test } from "node:test";
import type { Term } from "./searchQuery.ts";
import { snippetOf } from "./snippet.ts";

/** Terms as they are typed: a word's beginning, or words in quotes. */
function terms(...typed: string[]): Term[] {
  return typed.map((text) => {
    const isPrefix = !text.startsWith('"');
    return { words: text.replaceAll('"', "").split(" "), isPrefix };
  });
}

/** The snippet as one text, with brackets around what was found. */
function shown(text: string, ...typed: string[]): string {
  return snippetOf(text, terms(...typed))
    .map((part) => (part.isMatch ? `[${part.text}]` : part.text))
    .join("");
}

test("what was found is marked, whole words, whatever their case", () => {
  assert.equal(shown("The Blood pressure was high.", "blood", "hi"), "The [Blood] pressure was [high].");
  assert.equal(
    shown("Blood, pressure; blood PRESSURE", '"blood pressure"'),
    "[Blood, pressure]; [blood PRESSURE]",
  );
  assert.equal(shown("\uFB01nding Mu\u0308ller", "finding", "müller"), "[\uFB01nding] [Mu\u0308ller]");
  assert.equal(shown("12.5 mg", "12 5"), "[12.5] mg");
});

test("what touches a word at either end is shown with it", () => {
  assert.equal(shown("“Blood” (pressure)…", "blood"), "“[Blood]” (pressure)…");
  assert.equal(shown(`${"(".repeat(99)}blood${"!".repeat(99)}`, "blood"), "((((([blood]!!!!!");
  assert.equal(
    shown("\u{1F600}\u{1F600}\u{1F600}blood\u{1F600}\u{1F600}\u{1F600}", "blood"),
    "\u{1F600}\u{1F600}[blood]\u{1F600}\u{1F600}",
  );
});

test("of a long text that stretch is shown which has the most of what was looked for", () => {
  const filler = "lorem ipsum dolor sit amet ".repeat(40);
  const text = `blood ${filler}here the blood pressure rose ${filler}`;
  const snippet = shown(text, "blood", "pressure");
  assert.match(snippet, /^… .{40,80}\[blood\] \[pressure\] rose .* …$/);
  assert.ok(snippet.length < 300, `${snippet.length} characters`);
  assert.match(shown(text, "blood"), /^\[blood\] lorem .* …$/);
  assert.doesNotMatch(snippet, /(?:^|\s)(?:orem|psum|olor|it|met)\s/, "no word is cut");
});

test("line breaks, control characters and what turns the direction of writing are shown as spaces", () => {
  assert.equal(shown("a\r\n\tb\u0001\u001b[31m\u202Eevil word\u2066", "word"), "a b [31m evil [word]");
});

test("a text without what was looked for is shown from its beginning", () => {
  assert.equal(shown("Some text", "other"), "Some text");
  assert.deepEqual(snippetOf("", terms("word")), []);
  assert.deepEqual(snippetOf("…", terms("word")), []);
});

test("a word longer than a snippet is cut, and no character in two", () => {
  const parts = snippetOf(`x ${"\u{20000}".repeat(50_000)}`, terms("\u{20000}"));
  assert.ok(parts.every(({ text }) => text.isWellFormed()));
  assert.ok(parts.map(({ text }) => text).join("").length < 300);
  assert.ok(parts.some(({ isMatch }) => isMatch));
});

test("matches that overlap are marked once", () => {
  assert.equal(shown("one two three", '"one two"', '"two three"', "two"), "[one two][ three]");
});
