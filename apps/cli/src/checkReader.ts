import type { Config } from "@quire/core";
import { collectGarbage } from "@quire/memory";
import { checkModels } from "@quire/models";

/**
 * To be called before anything is opened by what reads documents: a damaged model is no reason to read them in another
 * way than was configured.
 *
 * @throws QuireError `models_missing`, `models_damaged`
 */
export function checkReader({ reader, modelsDir }: Pick<Config, "reader" | "modelsDir">): void {
  if (reader !== "auto") return;
  checkModels(modelsDir);
  // The files' 17 MB would stay in a supervisor for as long as it runs: it makes too little garbage to collect any.
  collectGarbage();
}
