import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromTop } from "../../quire.ts";
import { type ClinicalKind, clinicalDocuments, clinicalKinds } from "../documents.ts";
import { type MadeDocuments, smallDocuments } from "../memory/madeDocuments.ts";

const scanPages = [12, 20, 30];

/** Files to be read again and again, and those among them that are to be refused. */
export interface MixedLoad {
  /** One round after the other, each of about the same weight. */
  readonly rounds: readonly (readonly string[])[];
  readonly refused: ReadonlySet<string>;
}

/**
 * Rounds of everything: the project's samples (text layers, scans, TIFF, fax, photo), a scan of 12 to 30 pages, one
 * of each kind of the corpus where it is there, and a document that is damaged or refused. Rounds are short, so
 * that each minute sees about the same mixture.
 */
export async function mixedLoad(made: MadeDocuments, corpus: string | null): Promise<MixedLoad> {
  const scans = await Promise.all(scanPages.map((pages) => made.scannedPdf(pages)));
  const kinds = corpus === null ? [] : (Object.keys(clinicalKinds) as ClinicalKind[]);
  const clinical = kinds.map((kind) => clinicalDocuments(corpus as string, kind).map(({ path }) => path));
  const awkward = awkwardSamples();
  const count = Math.max(scans.length, awkward.length, ...clinical.map(({ length }) => length));
  const rounds = Array.from({ length: count }, (_, round) => [
    ...smallDocuments(),
    turn(scans, round),
    ...clinical.map((kind) => turn(kind, round)),
    turn(awkward, round).path,
  ]);
  return { rounds, refused: new Set(awkward.filter(({ refused }) => refused).map(({ path }) => path)) };
}

function awkwardSamples(): { path: string; refused: boolean }[] {
  const folder = fromTop("samples/awkward");
  const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as {
    file: string;
    expect: string;
  }[];
  return index.map(({ file, expect }) => ({ path: join(folder, file), refused: expect === "refused" }));
}

function turn<Item>(items: readonly Item[], round: number): Item {
  return items[round % items.length] as Item;
}
