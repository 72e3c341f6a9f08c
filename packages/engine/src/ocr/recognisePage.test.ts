import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { findModels } from "@quire/models";
import type { GreyRaster } from "../raster/greyRaster.ts";
import { uncalibrated } from "../reader/confidence.ts";
import type { Network } from "../reader/sessions.ts";
import type { OcrModel } from "../tesseract/models.ts";
import type { TsvWord } from "../tesseract/parseTsv.ts";
import type { Tesseract } from "../tesseract/tesseract.ts";
import { inputOf, sayingRecogniser } from "../testing/fakeNetworks.ts";
import type { OcrRequest } from "./ocrMessages.ts";
import { type PpOcr, recognisePage } from "./recognisePage.ts";

const [width, height] = [1_200, 600];
/** Bars that stand for lines of text. */
const lines = { count: 4, left: 100, top: 60, width: 1_000, height: 24, distance: 120 };
const tessdataDir = mkdtempSync(join(tmpdir(), "quire-recognise-"));
for (const language of ["eng", "ell", "vie"]) writeFileSync(join(tessdataDir, `${language}.traineddata`), "");
after(() => rmSync(tessdataDir, { recursive: true }));

function page(): GreyRaster {
  const pixels = new Uint8Array(width * height).fill(255);
  for (let line = 0; line < lines.count; line++) {
    const top = lines.top + line * lines.distance;
    for (let y = top; y < top + lines.height; y++)
      pixels.fill(0, y * width + lines.left, y * width + lines.left + lines.width);
  }
  return { width, height, dpi: 200, pixels };
}

const request = (languages: readonly string[]): OcrRequest => ({
  raster: page(),
  document: 1,
  languages,
  rotate: "auto",
  quality: "balanced",
});

/** A detector that takes dark pixels for text. */
const detector: Network = {
  inputOf,
  async run(input, [, , rows = 0, columns = 0]) {
    const data = Float32Array.from(input.subarray(0, rows * columns), (level) => (level < 0 ? 0.9 : 0));
    return { data, shape: [1, 1, rows, columns] };
  },
};

/** PP-OCR whose recognisers read a text in every line. */
function ppOcr(text: string, again = text) {
  const [fast, accurate] = [sayingRecogniser(text), sayingRecogniser(again)];
  const recogniser: PpOcr = {
    models: findModels(null),
    networks: { detector, fast, accurate },
    calibration: uncalibrated,
  };
  return { recogniser, accurate };
}

/** A Tesseract that reads the same words on every page, and notes with which models. */
function fakeTesseract(...texts: readonly string[]) {
  const asked: string[] = [];
  const words: TsvWord[] = texts.map((text, index) => ({
    text,
    confidence: 95,
    box: { x: 100, y: lines.top + index * lines.distance, width: 400, height: lines.height },
    ...{ line: index, block: 0, paragraph: 0 },
  }));
  const tesseract = {
    recognise(_image: Uint8Array, _dpi: number, { languages }: OcrModel) {
      asked.push(languages.join("+"));
      return words;
    },
  };
  return { asked, tesseract: async () => tesseract as unknown as Tesseract };
}

const scriptOf = async () => null;

const english = "the patient was seen in the clinic";

test("a page in Latin letters is read by PP-OCR, whichever language it is said to be in", async () => {
  for (const languages of [["auto"], ["eng"], ["deu", "fra"]]) {
    const { tesseract, asked } = fakeTesseract();
    const { recogniser } = ppOcr(english);
    const reading = await recognisePage(request(languages), {
      ...{ ppOcr: recogniser, installed: ["eng"], tessdataDir, tesseract, scriptOf },
    });
    assert.equal(reading.reader.engine, "pp-ocr");
    assert.deepEqual(reading.languages, languages[0] === "auto" ? [] : languages);
    assert.deepEqual([reading.warnings, asked], [[], []]);
    assert.ok(reading.words.length > 0);
  }
});

test("a language that PP-OCR does not cover is read by Tesseract, at once", async () => {
  const { tesseract, asked } = fakeTesseract("λόγος", "word");
  const { recogniser, accurate } = ppOcr(english);
  const reading = await recognisePage(request(["ell", "eng"]), {
    ...{ ppOcr: recogniser, installed: ["ell", "eng"], tessdataDir, tesseract, scriptOf },
  });
  assert.deepEqual(
    [reading.reader.engine, reading.languages, asked],
    ["tesseract", ["ell", "eng"], ["ell+eng"]],
  );
  assert.deepEqual(reading.reader.models, ["ell", "eng", findModels(null).accurate.name]);
  assert.deepEqual(reading.warnings, []);
  assert.equal(accurate.asked(), 0, "there is no number to check");
});

for (const [name, text, language] of [
  ["Greek", "ασθενης χωρις συμπτωματα και", "ell"],
  ["Vietnamese", "được người những trước phương", "vie"],
] as const) {
  test(`a page that turns out to be ${name} is read by Tesseract if its model is there, else that is named`, async () => {
    const { recogniser } = ppOcr(text);
    const { tesseract, asked } = fakeTesseract("word");
    const found = await recognisePage(request(["auto"]), {
      ...{ ppOcr: recogniser, installed: ["eng", language], tessdataDir, tesseract, scriptOf },
    });
    assert.deepEqual([found.reader.engine, found.languages, asked], ["tesseract", [language], [language]]);
    assert.equal(found.missingLanguage, undefined);

    const missing = await recognisePage(request(["auto"]), {
      ...{ ppOcr: recogniser, installed: ["eng"], tessdataDir, tesseract, scriptOf },
    });
    assert.equal(missing.reader.engine, "pp-ocr");
    assert.deepEqual([missing.warnings, missing.missingLanguage], [["script_not_covered"], language]);
    assert.ok(missing.words.length > 0);
  });
}

test("a page in Romanian is read by the recogniser that has its letters", async () => {
  const { recogniser } = ppOcr("pacientul este stabil pentru", "pacientul este stabil și nu");
  const reading = await recognisePage(request(["auto"]), {
    ...{ ppOcr: recogniser, installed: ["eng"], tessdataDir, ...fakeTesseract(), scriptOf },
  });
  assert.deepEqual([reading.reader.engine, reading.languages], ["pp-ocr", ["ron"]]);
  // Every word was read again, and its letters taken, however sure the fast recogniser was.
  assert.ok(reading.words.some(({ text }) => text.includes("și")));
  const named = await recognisePage(request(["ron"]), {
    ...{ ppOcr: recogniser, installed: ["eng"], tessdataDir, ...fakeTesseract(), scriptOf },
  });
  assert.deepEqual(named.words, reading.words);
});

test("without PP-OCR Tesseract reads everything, in the usual language unless another is named", async () => {
  const { tesseract, asked } = fakeTesseract("Sodium", "139");
  const without = { ppOcr: null, installed: ["deu", "eng"], tessdataDir, tesseract, scriptOf };
  const reading = await recognisePage(request(["auto"]), without);
  await recognisePage(request(["vie"]), without);
  assert.deepEqual(asked.slice(0, 1), ["eng"]);
  assert.equal(asked.at(-1), "vie");
  assert.deepEqual(reading.warnings, ["single_reader"]);
  assert.deepEqual(
    reading.words.map(({ text, uncertain }) => [text, uncertain]),
    [
      ["Sodium", false],
      ["139", true],
    ],
  );
});

test("a number of Tesseract's is sure if PP-OCR reads it alike, else it has the other reading beside it", async () => {
  const { tesseract } = fakeTesseract("13.4", "word");
  for (const [again, doubt] of [
    ["13.4", { uncertain: false, alternative: undefined }],
    ["13.4g", { uncertain: false, alternative: undefined }],
    ["18.4", { uncertain: true, alternative: "18.4" }],
    ["134", { uncertain: true, alternative: "134" }],
    ["", { uncertain: true, alternative: undefined }],
  ] as const) {
    const { recogniser } = ppOcr(english, again);
    const { words } = await recognisePage(request(["ell"]), {
      ...{ ppOcr: recogniser, installed: ["ell"], tessdataDir, tesseract, scriptOf },
    });
    const [number, word] = words;
    assert.deepEqual({ uncertain: number?.uncertain, alternative: number?.alternative }, doubt, again);
    assert.equal(word?.uncertain, false);
  }
});
