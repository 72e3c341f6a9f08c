/** What the database allows, in characters (code points). */
const maxCharacters = 255;
const nameless = "document";

/** Control characters, line and paragraph separators: at most a space. */
const control = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
/**
 * Unseen, and able to make a name look like another: formatting characters, direction overrides among them. Not the two
 * joiners, which Persian and Hindi are written with.
 */
const unseen = /(?![\u200C\u200D])\p{Cf}/gu;
const ending = /\.[^.\s]{1,10}$/;

/**
 * A file's name as it is kept and shown: without the path that some clients send with it, without what cannot be seen,
 * in composed form (NFC), of 1 to 255 characters. One that is too long keeps its ending.
 */
export function cleanFilename(given: string): string {
  const visible = given.toWellFormed().replaceAll(control, " ").replaceAll(unseen, "").normalize("NFC");
  const parts = visible.split(/[/\\]/).map((part) => part.trim().replaceAll(/\s+/g, " "));
  const name = parts.findLast((part) => /[^.]/.test(part)) ?? nameless;
  return shortened(name);
}

function shortened(name: string): string {
  const characters = [...name];
  if (characters.length <= maxCharacters) return name;
  const kept = ending.exec(name)?.[0] ?? "";
  return characters.slice(0, maxCharacters - [...kept].length).join("") + kept;
}
