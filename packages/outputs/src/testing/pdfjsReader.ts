import { getDocument, VerbosityLevel } from "pdfjs-dist/legacy/build/pdf.mjs";

/** What pdf.js finds in a PDF beside its pages' text: to be the same before and after. */
export interface SeenDocument {
  /** The text of each page, with its line ends. */
  readonly texts: readonly string[];
  /** The words of each page. What pdf.js has as two pieces is not one word, whether or not it sees a line's end there. */
  readonly words: readonly (readonly string[])[];
  readonly outline: unknown;
  readonly labels: unknown;
  readonly fields: unknown;
  readonly information: unknown;
  readonly annotations: readonly unknown[];
  /** The file's identifier: of the document, and of this state of it. */
  readonly fingerprints: readonly (string | null)[];
}

/** A PDF as pdf.js has it: what Firefox finds and copies. */
export async function readWithPdfjs(file: Buffer): Promise<SeenDocument> {
  const task = getDocument({ data: new Uint8Array(file), verbosity: VerbosityLevel.ERRORS });
  const document = await task.promise;
  const texts: string[] = [];
  const words: string[][] = [];
  const annotations: unknown[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const pieces = items.filter((item) => "str" in item);
    texts.push(pieces.map(({ str, hasEOL }) => str + (hasEOL ? "\n" : "")).join(""));
    words.push(pieces.flatMap(({ str }) => str.split(/\s+/).filter(Boolean)));
    annotations.push(await page.getAnnotations());
  }
  const { info, metadata } = await document.getMetadata();
  const seen = {
    texts,
    words,
    outline: await document.getOutline(),
    labels: await document.getPageLabels(),
    fields: await document.getFieldObjects(),
    information: [info, metadata?.getRaw()],
    annotations,
    fingerprints: document.fingerprints,
  };
  await task.destroy();
  return seen;
}
