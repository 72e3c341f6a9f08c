import { automaticLanguage, type PageWarning, readerVersion } from "@quire/core";
import type { ReaderModels } from "@quire/models";
import { isCovered, modelForScript, suspectUncovered } from "../languages/coverage.ts";
import { usualFirst } from "../languages/usualFirst.ts";
import type { GreyRaster } from "../raster/greyRaster.ts";
import type { Calibration } from "../reader/confidence.ts";
import { type RasterReading, readRaster } from "../reader/readRaster.ts";
import type { ReaderNetworks } from "../reader/sessions.ts";
import { findModel, type OcrModel } from "../tesseract/models.ts";
import { readWithTesseract } from "../tesseract/readWithTesseract.ts";
import type { Tesseract } from "../tesseract/tesseract.ts";
import type { OcrReading, OcrRequest } from "./ocrMessages.ts";

/** PP-OCR as a thread has it loaded. */
export interface PpOcr {
  readonly models: ReaderModels;
  readonly networks: ReaderNetworks;
  readonly calibration: Calibration;
}

/** What a thread recognises with. */
export interface Recognisers {
  /** Null where it cannot run here, or is not to be used. */
  readonly ppOcr: PpOcr | null;
  readonly installed: readonly string[];
  readonly tessdataDir: string | null;
  /** Loads Tesseract, or gives the one that is loaded. */
  tesseract(): Promise<Tesseract>;
  /** See `scriptOfPage`. */
  scriptOf(raster: GreyRaster, guess: boolean): Promise<string | null>;
}

/**
 * Recognises a page: PP-OCR reads Latin script, whichever language; Tesseract reads what PP-OCR does not cover, and
 * everything where that is not there.
 */
export async function recognisePage(request: OcrRequest, recognisers: Recognisers): Promise<OcrReading> {
  const { languages } = request;
  const { ppOcr } = recognisers;
  const named = languages[0] === automaticLanguage ? [] : languages;
  if (!ppOcr) {
    const first = named.length > 0 ? named : usualFirst(recognisers.installed).slice(0, 1);
    return withTesseract(first, request, recognisers);
  }
  if (!named.every(isCovered)) return withTesseract(named, request, recognisers);

  const reading = await readWithPpOcr(request, ppOcr, named.includes("ron"));
  const { script, surely, language } = suspectUncovered(reading.words);
  if (language === "ron" && !named.includes("ron"))
    return asOcrReading(await readWithPpOcr(request, ppOcr, true), ["ron"], request, ppOcr);
  const seen = script === "unknown" ? await recognisers.scriptOf(request.raster, surely) : script;
  const other =
    language === "vie" ? modelNamed("vie", recognisers.installed) : otherScript(seen, recognisers.installed);
  if (other && "model" in other) return withTesseract([other.model], request, recognisers);
  return {
    ...asOcrReading(reading, named, request, ppOcr),
    ...(other && { warnings: ["script_not_covered"], missingLanguage: other.missing }),
  };
}

function otherScript(script: string | null, installed: readonly string[]) {
  return script === null || script === "Latin" || script === "Fraktur"
    ? null
    : modelForScript(script, installed);
}

function modelNamed(model: string, installed: readonly string[]) {
  return installed.includes(model) ? { model } : { missing: model };
}

function readWithPpOcr(
  { raster, rotate, quality }: OcrRequest,
  { networks, calibration }: PpOcr,
  accurateOnly: boolean,
): Promise<RasterReading> {
  return readRaster(raster, networks, calibration, { rotate: rotate === "auto", quality, accurateOnly });
}

function asOcrReading(
  { words, orientation, skewDegrees }: RasterReading,
  languages: readonly string[],
  { quality }: OcrRequest,
  { models: { detector, fast, accurate } }: PpOcr,
): OcrReading {
  return {
    words,
    orientation,
    skew: skewDegrees,
    languages,
    reader: {
      engine: "pp-ocr",
      version: readerVersion,
      quality,
      models: [detector.name, fast.name, accurate.name],
    },
    warnings: [],
  };
}

async function withTesseract(
  languages: readonly string[],
  { raster, rotate, quality }: OcrRequest,
  { ppOcr, tessdataDir, tesseract }: Recognisers,
): Promise<OcrReading> {
  const model: OcrModel = {
    languages,
    modelPaths: languages.map((language) => findModel(language, tessdataDir)),
  };
  const reading = await readWithTesseract(raster, await tesseract(), model, {
    rotate,
    second: ppOcr?.networks.accurate ?? null,
  });
  const warnings: PageWarning[] = ppOcr === null && reading.words.length > 0 ? ["single_reader"] : [];
  return {
    ...reading,
    languages,
    reader: {
      engine: "tesseract",
      version: readerVersion,
      quality,
      models: [...languages, ...(ppOcr ? [ppOcr.models.accurate.name] : [])],
    },
    warnings,
  };
}
