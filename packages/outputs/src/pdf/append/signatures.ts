import type { PdfFile } from "../syntax/pdfFile.ts";
import { PdfArray, type PdfDictionary, PdfName, type PdfValue } from "../syntax/values.ts";

/** Fields of a form that are looked at, and how deep they lie within each other: forms have hundreds, and three. */
const maxFields = 50_000;
const maxLevels = 32;

/**
 * Whether somebody has signed the document: a field of the form for a signature has a value, or the catalog's
 * permissions hang on one (ISO 32000-1, 12.8). Whatever is added to it then, viewers call changed after signing.
 */
export async function isSigned(file: PdfFile, catalog: PdfDictionary): Promise<boolean> {
  const permissions = await file.dictionary(catalog.get("Perms"));
  if (permissions && permissions.entries.size > 0) return true;
  const form = await file.dictionary(catalog.get("AcroForm"));
  if (form === null) return false;
  const waiting: { field: PdfValue; level: number; kind: string }[] = [];
  const add = async (fields: PdfValue, level: number, kind: string) => {
    const array = await file.resolve(fields);
    if (!(array instanceof PdfArray) || level > maxLevels) return;
    for (const field of array.items) waiting.push({ field, level, kind });
  };
  await add(form.get("Fields"), 0, "");
  for (let looked = 0; looked < maxFields; looked++) {
    const next = waiting.pop();
    if (next === undefined) return false;
    const field = await file.dictionary(next.field);
    if (field === null) continue;
    const kind = await file.resolve(field.get("FT"));
    const ownKind = kind instanceof PdfName ? kind.name : next.kind;
    if (ownKind === "Sig" && (await file.dictionary(field.get("V")))) return true;
    await add(field.get("Kids"), next.level + 1, ownKind);
  }
  // No form has so many fields: what cannot be ruled out is taken for so.
  return true;
}
