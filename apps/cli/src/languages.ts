import { dirname } from "node:path";
import type { Config } from "@quire/core";
import { findModel, languageTitle, listModels, scriptTitle, usualLanguage } from "@quire/engine";
import { type ExitCode, exitCodes } from "./exitCodes.ts";

export interface LanguagesOptions {
  readonly json: boolean;
}

interface InstalledLanguage {
  readonly language: string;
  readonly name: string;
  readonly script: string;
  /** It comes with Quire. */
  readonly usual: boolean;
  readonly path: string;
}

/** `quire languages`: the installed Tesseract languages, and how to add more. */
export function languages({ json }: LanguagesOptions, { tessdataDir, reader }: Config): ExitCode {
  const installed = listModels(tessdataDir).map(
    (language): InstalledLanguage => ({
      language,
      name: languageTitle(language),
      script: scriptTitle(language),
      usual: language === usualLanguage,
      path: findModel(language, tessdataDir),
    }),
  );
  process.stdout.write(
    json
      ? `${JSON.stringify({ tessdataDir, languages: installed }, null, 2)}\n`
      : `${table(installed)}\n${advice(tessdataDir, reader)}`,
  );
  return exitCodes.read;
}

function table(installed: readonly InstalledLanguage[]): string {
  if (installed.length === 0) return "No language is installed.\n";
  const rows = installed.map(({ language, name, script, path }) => [language, name, script, dirname(path)]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}\n`)
    .join("");
}

function advice(tessdataDir: string | null, reader: Config["reader"]): string {
  const add =
    tessdataDir === null
      ? `Add one:  npm install @tesseract.js-data/rus  (Russian),
          or set TESSDATA_DIR to a folder of LANG.traineddata files, as Tesseract has them.`
      : `Add one:  put its LANG.traineddata, or LANG.traineddata.gz, into TESSDATA_DIR, ${tessdataDir}.`;
  const needed =
    reader === "tesseract"
      ? "READER=tesseract: documents are read in English unless --lang names other languages."
      : "Languages in Latin script, except Vietnamese, need none of these: PP-OCR reads them.";
  return `${add}\n${needed}\n`;
}
