import assert from "node:assert/strict";
import { test } from "node:test";
import { PdfDamage } from "../syntax/values.ts";
import { dropHiddenText, type Names } from "./dropHiddenText.ts";

/** /Drawn is a font of Type 3, /Ocr a form of hidden text alone, or of text that is only hidden where it is drawn. */
const names: Names = {
  isAlwaysDrawn: async (font) => font === "Drawn",
  showsNothing: async (name, mode) => name === "Ocr" || (name === "Text" && mode === 3),
};

async function stripped(content: string, mode = 0): Promise<string | null> {
  const { content: left } = await dropHiddenText(Buffer.from(content, "latin1"), names, mode);
  return left?.toString("latin1").replace(/\s+/g, " ").trim() ?? null;
}

test("text that is shown in rendering mode 3 goes, and nothing else does", async () => {
  const picture = "q 200 0 0 300 0 0 cm /Im Do Q";
  assert.equal(
    await stripped(
      `${picture} BT 3 Tr /F 10 Tf 1 0 0 1 5 7 Tm(un\\)seen (at) all) Tj[ (a) -20 <0041> ]TJ ET`,
    ),
    `${picture} BT 3 Tr /F 10 Tf 1 0 0 1 5 7 Tm ET`,
  );
  assert.equal(
    await stripped("BT /F 9 Tf 3 Tr 12 TL (a)' 2 .5 (b)\" ET"),
    "BT /F 9 Tf 3 Tr 12 TL T* 2 Tw 0.5 Tc T* ET",
  );
  assert.equal(
    await stripped("/Span <</ActualText (x) /MCID 4>> BDC BT /F 9 Tf 3 Tr (x) Tj ET EMC % (y) Tj\n1 g"),
    "/Span <</ActualText (x) /MCID 4>> BDC BT /F 9 Tf 3 Tr ET EMC % (y) Tj 1 g",
  );
});

test("the mode lasts beyond a text object, and is put back with the graphics state", async () => {
  assert.equal(await stripped("BT 3 Tr /F 9 Tf ET BT (a) Tj ET"), "BT 3 Tr /F 9 Tf ET BT ET");
  assert.equal(
    await stripped("q BT 3 Tr /F 9 Tf (a) Tj ET Q BT /F 9 Tf (b) Tj ET"),
    "q BT 3 Tr /F 9 Tf ET Q BT /F 9 Tf (b) Tj ET",
  );
  assert.equal(await stripped("BT /F 9 Tf (a) Tj ET", 3), "BT /F 9 Tf ET");
});

test("text that is seen stays, and what stands before it on its line", async () => {
  for (const content of [
    "BT /F 9 Tf (a) Tj ET",
    "BT /F 9 Tf 3 Tr (a) Tj 0 Tr (b) Tj ET",
    "BT /F 9 Tf 0 Tr (a) Tj 3 Tr (b) Tj ET",
    "BT /F 9 Tf 7 Tr (clips) Tj ET",
    "BT /Drawn 9 Tf 3 Tr (a) Tj ET",
    // The font is not known: none has been set, or the graphics state may have.
    "BT 3 Tr (a) Tj ET",
    "BT 3 Tr /F 9 Tf /G gs (a) Tj ET",
    // Against the rules, and drawn by some.
    "3 Tr /F 9 Tf (a) Tj",
    "BT 3 Tr /F 9 Tf (a) Tj",
    "BT 3 Tr /F 9 Tf (a",
    "",
  ]) {
    assert.equal(await stripped(content), null, content);
  }
});

test("a form that has hidden text alone goes, in the mode in which it is drawn", async () => {
  assert.equal(await stripped("q 1 0 0 1 0 0 cm /Ocr Do Q /Im Do"), "q 1 0 0 1 0 0 cm Q /Im Do");
  assert.equal(await stripped("/Text Do 3 Tr /Text Do"), "/Text Do 3 Tr");
});

test("whether anything is left that is drawn", async () => {
  const isDrawn = async (content: string) => (await dropHiddenText(Buffer.from(content), names)).isDrawn;
  for (const content of ["BT 3 Tr /F 9 Tf (a) Tj ET", "/Ocr Do", "q 1 0 0 1 0 0 cm 0 0 10 10 re W n Q"])
    assert.equal(await isDrawn(content), false, content);
  for (const content of ["BT /F 9 Tf (a) Tj ET", "/Im Do", "0 0 10 10 re f*", "3 Tr /F 9 Tf (a) Tj", "/S sh"])
    assert.equal(await isDrawn(content), true, content);
});

test("what cannot be told from operators safely is not touched", async () => {
  const hidden = "BT 3 Tr /F 9 Tf (a) Tj ET";
  for (const content of ["BI /W 8 /H 1 /BPC 1 /IM true ID x EI", "1 0 0 rg )", "<< /A 1 ) >> BDC", "{ }"])
    await assert.rejects(stripped(`${hidden} ${content} ${hidden}`), PdfDamage, content);
  await assert.rejects(stripped("q ".repeat(2_000)), PdfDamage);
});
