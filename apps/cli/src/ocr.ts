import { basename } from "node:path";
import type { Config, CorrectionMode, Quality, TextLayerMode } from "@quire/core";
import { Engine, type EngineEvent, parseLanguages, type ReadOptions } from "@quire/engine";
import type { FileFormat } from "@quire/outputs";
import { reportReader } from "@quire/worker/reader";
import { checkReader } from "./checkReader.ts";
import { type ExitCode, exitCodeOf, exitCodes, explain, mostSerious } from "./exitCodes.ts";
import { checkFormatOptions, formatted } from "./formatted.ts";
import { isFolder, openOutput, outputPaths } from "./output.ts";
import { type PageRange, pagesInRange } from "./pageRange.ts";
import { showProgress } from "./progress.ts";
import { counted, Tally } from "./tally.ts";

export interface OcrOptions {
  readonly format: FileFormat;
  readonly pdfa: boolean;
  readonly output?: string;
  readonly pages?: PageRange;
  readonly lang: string;
  readonly threads?: number;
  readonly textLayer: TextLayerMode;
  readonly rotate: CorrectionMode;
  readonly quality?: Quality;
  readonly markUncertain: boolean;
  readonly password?: string;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** `quire ocr`: reads the documents one after the other with one engine, and says how it went. */
export async function ocr(files: readonly string[], options: OcrOptions, config: Config): Promise<ExitCode> {
  const { threads, output, format } = options;
  checkFormatOptions(files, options);
  checkReader(config);
  const readOptions: ReadOptions = {
    languages: parseLanguages(options.lang),
    textLayer: options.textLayer,
    rotate: options.rotate,
    quality: options.quality ?? config.quality,
    password: options.password,
    preview: false,
  };
  const targets =
    output !== undefined && (files.length > 1 || (await isFolder(output)))
      ? await outputPaths(files, output, format)
      : [output];
  const engine = new Engine(
    { ...config, ocrThreads: threads ?? config.ocrThreads },
    {
      onEvent: options.verbose ? (event) => process.stderr.write(`engine: ${describe(event)}\n`) : undefined,
    },
  );
  try {
    const codes: ExitCode[] = [];
    for (const [index, file] of files.entries()) {
      codes.push(await ocrFile(engine, file, targets[index], readOptions, options, config));
    }
    return mostSerious(codes);
  } finally {
    engine.close();
  }
}

async function ocrFile(
  engine: Engine,
  file: string,
  target: string | undefined,
  readOptions: ReadOptions,
  { format, pages: range, pdfa, markUncertain, quiet }: OcrOptions,
  config: Config,
): Promise<ExitCode> {
  const name = basename(file);
  try {
    const document = await engine.openDocument(file, readOptions);
    const tally = new Tally();
    try {
      const { facts } = document;
      const pageNumbers = range && pagesInRange(range, facts.pageCount);
      // A PDF's pages stay in their order.
      if (format === "pdf") pageNumbers?.sort((one, other) => one - other);
      const output = await openOutput(target);
      const progress = showProgress(name, pageNumbers?.length ?? facts.pageCount, {
        quiet,
        textOnTerminal: target === undefined && process.stdout.isTTY,
      });
      try {
        const pages = counted(document.pages({ pageNumbers }), tally, () => progress.page(tally.done));
        const original = { path: file, name, facts, password: readOptions.password };
        for await (const data of formatted(original, pages, { format, pdfa, markUncertain }, config))
          await output.write(data);
        await output.finish();
      } catch (error) {
        await output.abandon();
        throw error;
      } finally {
        progress.stop();
      }
    } finally {
      document.close();
    }
    if (!quiet) for (const line of tally.report()) process.stderr.write(`${name}: ${line}\n`);
    for (const { pageNumber, error } of tally.failed) {
      process.stderr.write(`quire: ${name}: page ${pageNumber}: ${error?.code}: ${error?.message}\n`);
    }
    return tally.failed.length > 0 ? exitCodes.partial : exitCodes.read;
  } catch (error) {
    process.stderr.write(`quire: ${name}: ${explain(error)}\n`);
    return exitCodeOf(error);
  }
}

function describe(event: EngineEvent): string {
  const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1);
  switch (event.type) {
    case "started":
      return `started, ${event.threads} OCR ${event.threads === 1 ? "thread" : "threads"}`;
    case "unavailable":
      return "died again and again before it was ready";
    case "recycled":
      return `replaced after ${event.pagesRead} pages (${event.reason})`;
    case "died":
      return `died (${event.death}) with ${event.pagesUnderWay} pages under way`;
    case "reader":
      return `reads with ${reportReader(event.status, { reader: "auto" }).line}`;
    case "collected": {
      const { beforeBytes, afterBytes, pagesRead } = event;
      const freed = megabytes(beforeBytes - afterBytes);
      return `collected after page ${pagesRead}: ${megabytes(beforeBytes)} MB before, ${megabytes(afterBytes)} after, ${freed} freed`;
    }
  }
}
