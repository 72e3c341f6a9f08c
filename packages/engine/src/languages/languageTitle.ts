import { languageTag } from "./languageTag.ts";

const titles = new Intl.DisplayNames("en", { type: "language", fallback: "none" });

/** Variants of models that are no script of their own. */
const variantWords: Readonly<Record<string, string>> = { vert: "vertical", old: "old spelling" };

/** "Simplified Chinese (vertical)" for `chi_sim_vert`; the model's own name where its language has none in English. */
export function languageTitle(model: string): string {
  const title = titleOf(languageTag(model));
  if (title === null) return model;
  const words = model.split("_").flatMap((variant) => variantWords[variant] ?? []);
  return words.length === 0 ? title : `${title} (${words.join(", ")})`;
}

function titleOf(tag: string): string | null {
  try {
    return titles.of(tag) ?? null;
  } catch {
    return null;
  }
}
