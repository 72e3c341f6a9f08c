import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { automaticLanguage, QuireError } from "@quire/core";
import { languageName } from "../languages/languageName.ts";

const require = createRequire(import.meta.url);

/** English lies in this package: a faster model than npm's, and as accurate (docs/decisions/0017). */
const ownModels = fileURLToPath(new URL("../../models", import.meta.url));
/** Of npm's models the integerised "best" ones: small, and as accurate on scans as the large ones (docs/decisions/0004). */
const packagedModel = "4.0.0_best_int";
const modelPackages = "@tesseract.js-data";

/** What Tesseract recognises with: languages, and the file of each one's model. */
export interface OcrModel {
  readonly languages: readonly string[];
  readonly modelPaths: readonly string[];
}

/** Splits `eng+fra` into its languages; `auto` stands alone. @throws QuireError `language_missing` if a name is none. */
export function parseLanguages(languages: string): string[] {
  if (languages === automaticLanguage) return [automaticLanguage];
  const names = languages.split("+");
  for (const name of names) {
    if (!languageName.test(name)) {
      throw new QuireError(
        "language_missing",
        `"${name}" is no language name. Use names such as eng or eng+fra, or auto alone.`,
      );
    }
  }
  return names;
}

/**
 * Where the model of a language lies: in `tessdataDir` if one is given, else in this package or an npm package.
 *
 * @throws QuireError `language_missing`, naming what to install.
 */
export function findModel(language: string, tessdataDir: string | null): string {
  if (tessdataDir !== null) {
    const candidates = [`${language}.traineddata`, `${language}.traineddata.gz`].map((name) =>
      join(tessdataDir, name),
    );
    const found = candidates.find((path) => existsSync(path));
    if (found) return found;
    throw new QuireError(
      "language_missing",
      `There is no ${language}.traineddata in TESSDATA_DIR. Put it there, or unset TESSDATA_DIR to use the npm packages.`,
    );
  }
  const own = join(ownModels, `${language}.traineddata.gz`);
  if (existsSync(own)) return own;
  try {
    const folder = dirname(require.resolve(`${modelPackages}/${language}/package.json`));
    return join(folder, packagedModel, `${language}.traineddata.gz`);
  } catch (cause) {
    throw new QuireError(
      "language_missing",
      `The language ${language} is not installed. Install it: npm install @tesseract.js-data/${language}`,
      { cause },
    );
  }
}

/** Where the model lies that tells orientation and script; it comes with this package. */
export function osdModelPath(): string {
  const folder = dirname(require.resolve(`${modelPackages}/osd/package.json`));
  return join(folder, packagedModel, "osd.traineddata.gz");
}

/** The languages whose models are installed, in alphabetical order: where {@link findModel} would find one. */
export function listModels(tessdataDir: string | null): string[] {
  const names = modelFolders(tessdataDir)
    .flatMap(namesIn)
    .map((name) => name.replace(/\.traineddata(\.gz)?$/, ""));
  return [...new Set(names)]
    .filter((name) => languageName.test(name) && isInstalled(name, tessdataDir))
    .sort();
}

/** The folders that models may lie in: TESSDATA_DIR, or this package's and where npm puts others. */
export function modelFolders(tessdataDir: string | null): string[] {
  if (tessdataDir !== null) return [resolve(tessdataDir)];
  const folders = require.resolve.paths(modelPackages) ?? [];
  const packaged = folders.map((folder) => join(folder, modelPackages));
  return [ownModels, ...packaged.filter((folder) => existsSync(folder))];
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function isInstalled(language: string, tessdataDir: string | null): boolean {
  try {
    return existsSync(findModel(language, tessdataDir));
  } catch {
    return false;
  }
}

/** Reads a model, unpacked: about 5 MB, which the caller should let go of at once. */
export function readModel(path: string): Uint8Array {
  const data = readFileSync(path);
  return data[0] === 0x1f && data[1] === 0x8b ? gunzipSync(data) : data;
}
