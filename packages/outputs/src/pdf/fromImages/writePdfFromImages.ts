import { deflateSync } from "node:zlib";
import type { PageResult } from "@quire/core";
import { CharacterCodes } from "../font/characterCodes.ts";
import { fontObjectCount, glyphlessFont } from "../font/glyphlessFont.ts";
import { textLayer } from "../textLayer/textLayer.ts";
import { srgbProfile } from "./colour/srgbProfile.ts";
import { archivalMetadata, informationDictionary } from "./documentProperties.ts";
import { GrowingPdf } from "./growingPdf.ts";
import { openPictures, type PagePicture, type PictureSource } from "./openPictures.ts";
import { layOutPage, type PageLayout } from "./pageLayout.ts";
import { PictureObjects } from "./pictureObject.ts";

/** A document of images that is to become a PDF. */
export interface ImagesToPdf extends PictureSource {
  /** What the PDF is called in its properties; nothing where it is empty. */
  readonly name: string;
}

const fontName = "Quire";
const pictureName = "Page";

/**
 * Writes a searchable PDF of a document of images: each page's picture as it is stored where a PDF can carry that, else
 * without loss, and invisible text where it was read. Pages without a result have their picture alone.
 *
 * Pages go out as their results come in; what grows with them is where each object stands.
 *
 * @param results in the order of the pages; some may be missing
 * @throws QuireError `corrupt_file`
 */
export async function* writePdfFromImages(
  source: ImagesToPdf,
  results: AsyncIterable<PageResult>,
): AsyncGenerator<Uint8Array> {
  const pictures = await openPictures(source);
  try {
    const writer = new ImagesPdf(source);
    yield* writer.begin();
    let next = 1;
    for await (const result of results) {
      for (; next < result.pageNumber && next < pictures.pageCount; next++) {
        yield* writer.page(await pictures.page(next));
      }
      if (result.pageNumber !== next || next > pictures.pageCount) continue;
      yield* writer.page(await pictures.page(next), result);
      next++;
    }
    for (; next <= pictures.pageCount; next++) yield* writer.page(await pictures.page(next));
    yield* writer.end();
  } finally {
    await pictures.close();
  }
}

class ImagesPdf {
  readonly #source: ImagesToPdf;
  readonly #file = new GrowingPdf();
  readonly #pictures = new PictureObjects(this.#file);
  readonly #codes = new CharacterCodes();
  readonly #catalog = this.#file.allocate();
  readonly #tree = this.#file.allocate();
  readonly #pages: number[] = [];
  /** The font's first object, once a page needs it. */
  #font: number | null = null;

  constructor(source: ImagesToPdf) {
    this.#source = source;
  }

  *begin(): Generator<Buffer> {
    yield this.#file.header();
  }

  async *page({ header, picture }: PagePicture, result?: PageResult): AsyncGenerator<Buffer> {
    const file = this.#file;
    const layout = layOutPage(header, result);
    const [page, contents, image] = [file.allocate(), file.allocate(), picture ? file.allocate() : null];
    if (picture && image) yield* this.#pictures.write(image, picture);
    const text = result?.outcome === "recognized" ? this.#text(layout, result) : null;
    const drawn = image ? `q ${layout.picture.map(fixed).join(" ")} cm /${pictureName} Do Q\n` : "";
    const operators = Buffer.concat([Buffer.from(drawn), text ?? Buffer.alloc(0)]);
    yield file.stream(contents, "/Filter /FlateDecode", deflateSync(operators));

    const resources = [
      image ? `/XObject << /${pictureName} ${image} 0 R >>` : "",
      text ? `/Font << /${fontName} ${this.#font} 0 R >>` : "",
    ].join(" ");
    yield file.object(
      page,
      `<< /Type /Page /Parent ${this.#tree} 0 R /MediaBox [0 0 ${fixed(layout.width)} ${fixed(layout.height)}] ` +
        `/Rotate ${layout.turn} /Resources << ${resources} >> /Contents ${contents} 0 R >>`,
    );
    this.#pages.push(page);
  }

  #text({ text }: PageLayout, result: PageResult): Buffer | null {
    if (!text || result.words.length === 0) return null;
    if (this.#font === null) {
      this.#font = this.#file.allocate();
      for (let more = 1; more < fontObjectCount; more++) this.#file.allocate();
    }
    return textLayer({ page: result, toUserSpace: text, fontName, codes: this.#codes });
  }

  *end(): Generator<Buffer> {
    const file = this.#file;
    if (this.#font !== null) {
      for (const [index, body] of glyphlessFont(this.#font, this.#codes).entries()) {
        yield file.object(this.#font + index, body);
      }
    }
    const kids = this.#pages.map((page) => `${page} 0 R`).join(" ");
    yield file.object(this.#tree, `<< /Type /Pages /Count ${this.#pages.length} /Kids [${kids}] >>`);
    const archival = this.#source.archival ? yield* this.#archival() : "";
    yield file.object(this.#catalog, `<< /Type /Catalog /Pages ${this.#tree} 0 R${archival} >>`);
    const info = file.allocate();
    yield file.object(info, informationDictionary(this.#source.name));
    yield file.end(this.#catalog, info);
  }

  /** What ISO 19005-2 asks for beside the pages: metadata that are not compressed, and what colours mean. */
  *#archival(): Generator<Buffer, string> {
    const file = this.#file;
    const [metadata, profile] = [file.allocate(), file.allocate()];
    const xmp = archivalMetadata(this.#source.name);
    yield file.stream(metadata, "/Type /Metadata /Subtype /XML", xmp);
    yield file.stream(profile, "/N 3 /Filter /FlateDecode", deflateSync(srgbProfile()));
    const intent =
      "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) " +
      `/Info (sRGB IEC61966-2.1) /DestOutputProfile ${profile} 0 R >>`;
    return ` /Metadata ${metadata} 0 R /OutputIntents [${intent}]`;
  }
}

/** A number of points: to a ten-thousandth, without an exponent. */
function fixed(value: number): string {
  return String(Number(value.toFixed(4)));
}
