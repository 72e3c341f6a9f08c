import { QuireError } from "@quire/core";
import { findModel, listModels, readModel, usualLanguage } from "@quire/engine";
import { checkModels, type ReaderModels } from "@quire/models";
import { type Check, failure, ok } from "../check.ts";

/** Whether each model can be read and unpacked; that they recognise something, the engine's check tells. */
export const models: Check = {
  name: "models",
  withinSeconds: 30,
  run({ config: { tessdataDir, reader, modelsDir } }) {
    const own = reader === "auto" ? checkedModels(modelsDir) : null;
    if (own instanceof QuireError) return failure(`${own.code}: ${own.message}`, modelsRemedy(modelsDir));
    const languages = listModels(tessdataDir);
    const where =
      tessdataDir === null ? "Install it: npm ci" : "Put it into TESSDATA_DIR, see: quire languages";
    if (!languages.includes(usualLanguage))
      return failure(`The model of ${usualLanguage} is missing.`, where);
    const damaged = languages.filter((language) => !isWhole(language, tessdataDir));
    if (damaged.length > 0) return failure(`Damaged, or not to be read: ${damaged.join(", ")}.`, where);
    const names =
      own === null ? "" : `${[own.detector, own.fast, own.accurate].map(({ name }) => name).join(", ")}; `;
    return ok(`${names}Tesseract: ${languages.join(", ")}`);
  },
};

function checkedModels(modelsDir: string | null): ReaderModels | QuireError {
  try {
    return checkModels(modelsDir);
  } catch (error) {
    if (error instanceof QuireError) return error;
    throw error;
  }
}

function modelsRemedy(modelsDir: string | null): string {
  return modelsDir === null ? "Install again: npm ci" : "Replace the file in MODELS_DIR.";
}

function isWhole(language: string, tessdataDir: string | null): boolean {
  try {
    return readModel(findModel(language, tessdataDir)).length > 0;
  } catch {
    return false;
  }
}
