import { execFileSync, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { basename, join } from "node:path";
import { type BenchDocument, firstPages, longDocument } from "./documents.ts";
import { type Measurement, measureCommand } from "./measureCommand.ts";
import { quireCommand } from "./places.ts";
import type { Reader, Run } from "./runs.ts";
import { score, type Texts } from "./scoring.ts";

/** What makes a searchable PDF of a file. */
interface PdfMaker {
  readonly reader: Reader;
  make(file: string, target: string): Promise<Measurement>;
}

const processes = 2;
/** At which Quire's engine runs. */
const engineNiceness = constants.priority.PRIORITY_BELOW_NORMAL;
export const someOfLong = 20;
/** Of some pages a few runs in turn, and the median: others may be at work on the machine. */
const repeats = 3;

export const pdfRunNames = { all: "searchable pdf", some: `searchable pdf, ${someOfLong} pages` } as const;

const quire: PdfMaker = {
  reader: "quire",
  async make(file, target) {
    const args = ["ocr", "--quiet", "--format", "pdf", "--threads", `${processes}`, "--output", target, file];
    const command = { program: process.execPath, args: [quireCommand, ...args], goodExitCodes: [0] };
    return (await measureCommand(command)).measurement;
  },
};

/**
 * As it is installed (Debian's has the model that Quire has), a process a page and as many at once as Quire has
 * threads; without what it does beyond Quire: PDF/A, and making images smaller. Quire's engine lets others run first,
 * so it does, too.
 */
const ocrMyPdf: PdfMaker = {
  reader: "ocrmypdf",
  async make(file, target) {
    const options = ["--quiet", "--jobs", `${processes}`, "--output-type", "pdf", "--optimize", "0"];
    const args = ["-n", `${engineNiceness}`, "ocrmypdf", ...options, file, target];
    const env = { OMP_THREAD_LIMIT: "1" };
    return (await measureCommand({ program: "nice", args, env, goodExitCodes: [0] })).measurement;
  },
};

/** Searchable PDFs of the long scan by Quire, and in turn by OCRmyPDF where it is installed. */
export async function measureSearchablePdf(
  corpus: string,
  { folder, quick, peer }: { readonly folder: string; readonly quick: boolean; readonly peer: boolean },
): Promise<Run[]> {
  const makers = peer && isInstalled("ocrmypdf", "--version") ? [quire, ocrMyPdf] : [quire];
  const all = longDocument(corpus, "clinical-142p.pdf");
  const runs: Run[] = [];
  if (isInstalled("qpdf", "--version")) {
    const path = join(folder, `${someOfLong}p.pdf`);
    execFileSync("qpdf", [all.path, "--pages", all.path, `1-${someOfLong}`, "--", path]);
    const some = { ...firstPages(all, someOfLong), path };
    const each: Run[] = [];
    for (let repeat = 0; repeat < repeats; repeat++)
      each.push(...(await inTurn(makers, pdfRunNames.some, some, folder)));
    runs.push(...makers.map(({ reader }) => median(each.filter((run) => run.reader === reader))));
  }
  if (!quick) runs.push(...(await inTurn(makers, pdfRunNames.all, all, folder)));
  return runs;
}

async function inTurn(
  makers: readonly PdfMaker[],
  name: string,
  document: BenchDocument,
  folder: string,
): Promise<Run[]> {
  const runs: Run[] = [];
  for (const { reader, make } of makers) {
    process.stderr.write(`bench: ${name}: ${reader}\n`);
    const target = join(folder, `${reader}.pdf`);
    const measurement = await make(document.path, target);
    const pages = textsOf(target);
    const texts: Texts = new Map([[basename(document.path), pages]]);
    const pageCount = pages.size;
    runs.push({
      name,
      reader,
      threads: processes,
      pageCount,
      failedPages: 0,
      measurement,
      score: score([document], texts),
    });
  }
  return runs;
}

/** The text of a PDF as Poppler finds it, by page number. */
function textsOf(pdf: string): Map<number, string> {
  const text = execFileSync("pdftotext", [pdf, "-"], { encoding: "utf8", maxBuffer: 100_000_000 });
  const pages = text.replace(/\f$/, "").split("\f");
  return new Map(pages.map((page, index) => [index + 1, page]));
}

function median(runs: readonly Run[]): Run {
  const sorted = runs.toSorted((a, b) => a.measurement.wallSeconds - b.measurement.wallSeconds);
  return sorted[Math.floor(sorted.length / 2)] as Run;
}

function isInstalled(program: string, argument: string): boolean {
  return spawnSync(program, [argument], { stdio: "ignore" }).status === 0;
}
