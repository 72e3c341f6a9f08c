import type { PdfFile } from "../syntax/pdfFile.ts";
import { PdfArray, PdfDamage, type PdfDictionary, PdfReference, type PdfValue } from "../syntax/values.ts";

/** PDFium goes no deeper (kMaxPageLevel). */
const maxLevels = 1_024;
/** A tree has fewer branches than pages, but for empty ones; one that refers to a branch a thousand times has no end. */
const [branchesPerPage, branchesBesides] = [2, 1_000];

interface Branch {
  /** Of its object; 0 where it is part of another. */
  readonly number: number;
  readonly kids: readonly PdfValue[];
  next: number;
}

/**
 * The numbers of the first pages' objects, in the order in which PDFium counts pages; 0 for one that is no object of its
 * own or none at all. What has /Kids is a branch, all else is a page, whatever /Type and /Count say.
 *
 * @param mostPages where to stop
 */
export async function readPageTree(
  file: PdfFile,
  catalog: PdfDictionary,
  mostPages: number,
): Promise<Uint32Array> {
  const root = catalog.get("Pages");
  const rootDictionary = await file.dictionary(root);
  if (rootDictionary === null) throw new PdfDamage("the file has no page tree");
  const pages = new Uint32Array(mostPages);
  let pageCount = 0;
  const first = await branchOf(file, root, rootDictionary);
  if (first === null) pages[pageCount++] = numberOf(root);
  const path = first === null ? [] : [first];
  for (let branches = 1; path.length > 0 && pageCount < mostPages; ) {
    const branch = path.at(-1) as Branch;
    if (branch.next >= branch.kids.length) {
      path.pop();
      continue;
    }
    const kid = branch.kids[branch.next++] ?? null;
    const dictionary = await file.dictionary(kid);
    const below = dictionary && (await branchOf(file, kid, dictionary));
    if (below === null) {
      pages[pageCount++] = dictionary ? numberOf(kid) : 0;
    } else if (
      path.length < maxLevels &&
      !path.some(({ number }) => number === below.number && number !== 0)
    ) {
      if (++branches > branchesPerPage * mostPages + branchesBesides)
        throw new PdfDamage("the page tree has too many branches");
      path.push(below);
    }
  }
  return pages.subarray(0, pageCount);
}

async function branchOf(file: PdfFile, value: PdfValue, dictionary: PdfDictionary): Promise<Branch | null> {
  const kids = await file.resolve(dictionary.get("Kids"));
  return kids instanceof PdfArray ? { number: numberOf(value), kids: kids.items, next: 0 } : null;
}

function numberOf(value: PdfValue): number {
  return value instanceof PdfReference ? value.number : 0;
}
