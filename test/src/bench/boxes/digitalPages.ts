import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readWithPdfium } from "@quire/outputs/testing";
import { openGrey } from "../../samples/greyImage.ts";
import { clinicalDocuments } from "../documents.ts";
import { rasterisePdf } from "../rasterisePdf.ts";
import type { PlacedWord } from "./boxOverlap.ts";

const dpi = 300;
const pointsPerInch = 72;

/** A page of a digital PDF as an image, and where PDFium knows its words to be, in the image's pixels. */
export interface DigitalPage {
  readonly path: string;
  readonly width: number;
  readonly words: readonly PlacedWord[];
}

/**
 * Draws the digital PDFs of `clinical/` as PNGs. A word's place is what its characters' tight boxes cover together.
 * Words without an extent (blanks of a font that has no such character) are left out.
 */
export async function drawDigitalPages(
  corpus: string,
  folder: string,
  quick: boolean,
): Promise<DigitalPage[]> {
  const documents = clinicalDocuments(corpus, "digital").slice(0, quick ? 2 : undefined);
  const found: DigitalPage[] = [];
  for (const { path } of documents) {
    const file = readFileSync(path);
    const [images, pages] = [await rasterisePdf(file, dpi), await readWithPdfium(file)];
    for (const [index, image] of images.entries()) {
      const target = join(folder, `${basename(path, ".pdf")}-${index + 1}.png`);
      await openGrey(image).withMetadata({ density: dpi }).png({ compressionLevel: 3 }).toFile(target);
      const words =
        pages[index]?.words.map(toPixels).filter(({ box }) => box.width > 0 && box.height > 0) ?? [];
      found.push({ path: target, width: image.width, words });
    }
  }
  return found;
}

function toPixels({ text, box }: PlacedWord): PlacedWord {
  return { text, box: scaleBox(box, dpi / pointsPerInch) };
}

export function scaleBox({ x, y, width, height }: PlacedWord["box"], scale: number): PlacedWord["box"] {
  return { x: x * scale, y: y * scale, width: width * scale, height: height * scale };
}
