import { findModel, listModels, readModel, usualLanguage } from "@quire/engine";
import { type Check, failure, ok } from "../check.ts";

/** Whether each model can be read and unpacked; that they recognise something, the engine's check tells. */
export const models: Check = {
  name: "models",
  withinSeconds: 30,
  run({ config: { tessdataDir } }) {
    const languages = listModels(tessdataDir);
    const where =
      tessdataDir === null ? "Install it: npm ci" : "Put it into TESSDATA_DIR, see: quire languages";
    if (!languages.includes(usualLanguage))
      return failure(`The model of ${usualLanguage} is missing.`, where);
    const damaged = languages.filter((language) => !isWhole(language, tessdataDir));
    if (damaged.length > 0) return failure(`Damaged, or not to be read: ${damaged.join(", ")}.`, where);
    return ok(languages.join(", "));
  },
};

function isWhole(language: string, tessdataDir: string | null): boolean {
  try {
    return readModel(findModel(language, tessdataDir)).length > 0;
  } catch {
    return false;
  }
}
