import assert from "node:assert/strict";
import { test } from "node:test";
import type { PageImage } from "../../raster/netpbm.ts";
import { chooseLanguages, type LanguageTrial, mostTried, type Sample } from "./chooseLanguages.ts";

const image = (): PageImage => ({ width: 8, height: 1, dpi: 200, pixels: new Uint8Array(8) });
const upright = image();
const turned = image();
const samples: Sample[] = [{ dpi: 200, waysUp: [upright, turned] }];
const latin = ["eng", "afr", "ces", "dan", "deu", "est", "fin", "fra"];

/** Reads with the confidence given for each language, `way` up. */
function trial(confidences: Readonly<Record<string, number>>, script: string | null = null, way = upright) {
  const tried: string[] = [];
  const found: LanguageTrial = {
    async recognise(page, _dpi, languages) {
      const name = languages.join("+");
      tried.push(name);
      const confidence = page === way ? (confidences[name] ?? 20) : 20;
      const box = { x: 0, y: 0, width: 100, height: 20 };
      return [{ text: "a".repeat(50), confidence, box, line: 0, block: 0, paragraph: 0 }];
    },
    detectScript: async () => script,
  };
  return { tried, found };
}

test("the surest language is taken, and a second one only where both are surer together", async () => {
  const alone = trial({ eng: 95, fra: 96.5 });
  assert.deepEqual(await chooseLanguages(samples, ["eng", "fra"], alone.found), ["fra"]);
  assert.deepEqual(alone.tried, ["eng", "fra"]);
});

test("the usual language is kept where another is hardly surer; of others the surest is taken", async () => {
  const close = trial({ eng: 89.8, fra: 90.6 });
  assert.deepEqual(await chooseLanguages(samples, ["eng", "fra"], close.found), ["eng"]);
  const others = trial({ eng: 80, deu: 90, fra: 90.1 });
  assert.deepEqual(await chooseLanguages(samples, ["eng", "deu", "fra"], others.found), ["fra"]);
});

test("of many, those of the script that is seen are tried, and no more than so many", async () => {
  const many = [...latin, "ell", "rus", "ukr"];
  const cyrillic = trial({ rus: 80, ukr: 90 }, "Cyrillic");
  assert.deepEqual(await chooseLanguages(samples, many, cyrillic.found), ["ukr"]);
  assert.deepEqual(cyrillic.tried, ["rus", "ukr"]);
  for (const script of ["Latin", "Thai", null]) {
    const bounded = trial({ deu: 90 }, script);
    assert.deepEqual(await chooseLanguages(samples, many, bounded.found), ["deu"]);
    assert.deepEqual(bounded.tried, latin.slice(0, mostTried));
  }
});

test("a page that lies the other way is tried that way; where nothing reads, the usual language is taken", async () => {
  const upsideDown = trial({ fra: 90 }, null, turned);
  assert.deepEqual(await chooseLanguages(samples, ["eng", "fra"], upsideDown.found), ["fra"]);
  const unreadable = trial({});
  assert.deepEqual(await chooseLanguages(samples, ["eng", "fra"], unreadable.found), ["eng"]);
});
