import type { Quality } from "@quire/core";
import { atLeast, type Bar } from "../bar.ts";
import { beforeFor } from "../before.ts";
import { printTable } from "../printTable.ts";
import type { ReaderBench } from "../readerBench.ts";
import { quantile, wordOverlaps } from "./boxOverlap.ts";
import { drawDigitalPages, scaleBox } from "./digitalPages.ts";

const goodOverlap = 0.5;
const goodShare = 0.9;
const medianBar = 0.75;

interface Overlaps {
  readonly quality: Quality;
  readonly byText: readonly number[];
  readonly byPlace: readonly number[];
}

/** Where words stand: on digital PDFs drawn at 300 dpi, whose characters' places are known. */
export async function measureBoxes({ options, corpus, folder, readings }: ReaderBench): Promise<Bar[]> {
  const pages = await drawDigitalPages(corpus, folder, options.quick);
  const all: Overlaps[] = [];
  for (const quality of options.qualities) {
    const [byText, byPlace]: [number[], number[]] = [[], []];
    for (const { path, width, words } of pages) {
      const [result] = await readings.read({ path, quality });
      const read = (result?.words ?? []).map(({ text, box }) => ({
        text,
        box: scaleBox(box, width / (result?.width || width)),
      }));
      byText.push(...wordOverlaps(words, read, { sameText: true }));
      byPlace.push(...wordOverlaps(words, read, { sameText: false }));
    }
    all.push({ quality, byText, byPlace });
  }
  const head = ["quality", "words", "median", "≥ 0.5", "no match", "median by place", "≥ 0.5 by place"];
  const rows = all.map(({ quality, byText, byPlace }) => [
    quality,
    String(byText.length),
    ...[
      quantile(byText, 0.5),
      goodOf(byText),
      byText.filter((share) => share === 0).length / byText.length,
    ].map((share) => share.toFixed(3)),
    ...[quantile(byPlace, 0.5), goodOf(byPlace)].map((share) => share.toFixed(3)),
  ]);
  const { median, good, medianByPlace, goodByPlace } = beforeFor(options).boxes;
  const was = [median, good, null, medianByPlace, goodByPlace].map((share) => share?.toFixed(3) ?? "–");
  printTable("Overlap of word boxes (intersection over union)", head, [...rows, ["before", "", ...was]]);
  console.log(
    "by place: whatever was read there; else the text must be the same, and a split word counts as 0",
  );
  return all.flatMap(({ quality, byText }) => [
    atLeast(`boxes, ${quality}: median overlap`, medianBar, "", quantile(byText, 0.5)),
    atLeast(
      `boxes, ${quality}: words with overlap ≥ ${goodOverlap}`,
      100 * goodShare,
      "%",
      100 * goodOf(byText),
    ),
  ]);
}

function goodOf(overlaps: readonly number[]): number {
  return overlaps.filter((share) => share >= goodOverlap).length / overlaps.length;
}
