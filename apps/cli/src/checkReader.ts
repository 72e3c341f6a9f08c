import type { Config } from "@quire/core";
import { checkModels } from "@quire/models";

/**
 * To be called before anything is opened by what reads documents: a damaged model is no reason to read them in another
 * way than was configured.
 *
 * @throws QuireError `models_missing`, `models_damaged`
 */
export function checkReader({ reader, modelsDir }: Pick<Config, "reader" | "modelsDir">): void {
  if (reader === "auto") checkModels(modelsDir);
}
