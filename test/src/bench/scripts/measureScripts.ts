import type { PageResult, Quality } from "@quire/core";
import { readPieces } from "../accuracy/pieces.ts";
import { wordSets } from "../accuracy/wordSets.ts";
import { atLeast, atMost, type Bar } from "../bar.ts";
import { printTable } from "../printTable.ts";
import type { ReaderBench } from "../readerBench.ts";
import { drawScriptPages, type ScriptPage } from "./drawScriptPages.ts";
import { installedFonts } from "./fonts.ts";
import { foreignScripts, languages } from "./sentences.ts";

const pagesPerScript = 24;
const quickPages = 4;
const noticedPercent = 98;
const falsePercent = 0.5;
/** Detection does not depend on the quality: the pages are read in the first that is asked for. */
const corpusSets = wordSets.filter((set) => !set.startsWith("reading"));

/** Whether pages in scripts that the reader's models do not cover are noticed, and others are not taken for such. */
export async function measureScripts(bench: ReaderBench): Promise<Bar[]> {
  const { options, folder, readings } = bench;
  const [quality = "balanced"] = options.qualities;
  const rows: string[][] = [];
  const found = { noticed: 0, pages: 0 };
  for (const script of foreignScripts) {
    const fonts = installedFonts(script);
    if (fonts.length === 0) {
      rows.push([script, "not measured: no font (Debian: fonts-noto-core, fonts-noto-cjk, fonts-dejavu)"]);
      continue;
    }
    const count = options.quick ? quickPages : pagesPerScript;
    const pages = await drawScriptPages(script, { fonts, count, folder });
    const missed: string[] = [];
    for (const page of pages) {
      const [result] = await readings.read({ path: page.path, quality });
      if (!result || !isNoticed(result, page)) missed.push(page.path.replace(/.*-(\d+)\.png$/, "$1"));
    }
    found.noticed += pages.length - missed.length;
    found.pages += pages.length;
    rows.push([
      script,
      `${pages.length - missed.length} of ${pages.length}`,
      fonts.join(", "),
      missed.join(" "),
    ]);
  }
  const corpus = await falselyNoticed(bench, quality);
  rows.push(["corpus, falsely", `${corpus.names.length} of ${corpus.pages}`, "", corpus.names.join(" ")]);
  printTable(`Scripts, ${quality}`, ["script", "noticed", "fonts", "missed, or falsely noticed"], rows);
  const share = (part: number, whole: number) => (whole === 0 ? undefined : (100 * part) / whole);
  return [
    atLeast("scripts: pages noticed", noticedPercent, "%", share(found.noticed, found.pages)),
    atMost("scripts: other pages noticed", falsePercent, "%", share(corpus.names.length, corpus.pages)),
  ];
}

/** Whether a page says that its script is not covered, or was read by Tesseract in a language of that script. */
function isNoticed(result: PageResult, { models }: Pick<ScriptPage, "models">): boolean {
  if (result.warnings.includes("script_not_covered")) return true;
  return result.reader?.engine === "tesseract" && result.languages.some((language) => models.test(language));
}

async function falselyNoticed({ options, corpus, readings }: ReaderBench, quality: Quality) {
  const pieces = await readPieces(readings, { sets: corpusSets, corpus, quick: options.quick, quality });
  const pages = pieces.flatMap(({ truth, pages }) => pages.map((page) => ({ name: truth.name, page })));
  const noticed = pages.filter(({ page }) => languages.some((language) => isNoticed(page, language)));
  return { pages: pages.length, names: noticed.map(({ name, page }) => `${name}:${page.pageNumber}`) };
}
