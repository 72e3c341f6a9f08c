/**
 * What neither XML 1.0 (2.2) nor HTML allows in a text: control characters, halves of surrogate pairs and code points
 * that stand for no character. A reader sees that something stood there.
 */
const forbidden = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/gu;
const replacement = "\uFFFD";

/** Of the controls, these are allowed; as references, since a parser makes blanks of them in an attribute. */
const lineControls: Readonly<Record<string, string>> = { "\t": "&#9;", "\n": "&#10;" };

const markup: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text as it may stand in XML and in HTML, between tags or in an attribute within double quotes. */
export function xmlText(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => markup[character] ?? "")
    .replace(forbidden, (character) => lineControls[character] ?? replacement);
}

/** Attributes, each with a blank before it; those without a value are left out. */
export function xmlAttributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join("");
}
