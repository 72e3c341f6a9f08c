/** A document that does not say otherwise is read in it. Its model comes with Quire. */
export const usualLanguage = "eng";

/** The usual language first, then the others in alphabetical order. */
export function usualFirst(languages: readonly string[]): string[] {
  return [
    ...languages.filter((language) => language === usualLanguage),
    ...languages.filter((language) => language !== usualLanguage).sort(),
  ];
}
