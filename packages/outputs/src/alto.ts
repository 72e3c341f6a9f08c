import type { PageResult } from "@quire/core";
import { altoBlock, altoPlace, uncertainTag } from "./altoBlock.ts";
import { AltoProcessings } from "./altoProcessings.ts";
import type { FormatPages } from "./formatPages.ts";
import { pageLanguage } from "./languageTag.ts";
import { pageBlocks, printedArea } from "./pageBlocks.ts";
import { SpooledText } from "./spooledText.ts";
import { xmlAttributes, xmlText } from "./xmlText.ts";

const namespace = "http://www.loc.gov/standards/alto/ns-v4#";
const schema = "http://www.loc.gov/standards/alto/v4/alto-4-4.xsd";

/**
 * ALTO 4.4, all pages in one file: blocks, lines, words, with their places in pixels and confidences from 0 to 1. ALTO
 * describes the readers ahead of the pages, so the pages wait in a temporary file until the last one is there.
 *
 * @throws QuireError `temp_dir_unavailable`; whatever `pages` throws
 */
export const formatAlto: FormatPages = async function* ({ name }, pages, { tempDir = null } = {}) {
  const processings = new AltoProcessings();
  const written = await SpooledText.create(tempDir);
  try {
    let isEmpty = true;
    for await (const page of pages) {
      await written.append(altoPage(page, processings.idOf(page)));
      isEmpty = false;
    }
    // The schema wants a page; of a document of which none was read, there is nothing to say of the first.
    if (isEmpty) await written.append(`<Page ID="page_1" PHYSICAL_IMG_NR="1"/>\n`);
    yield altoHead(name, processings);
    yield* written.read();
    yield "</Layout>\n</alto>\n";
  } finally {
    await written.close();
  }
};

function altoHead(name: string, processings: AltoProcessings): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${namespace} ${schema}" SCHEMAVERSION="4.4">
<Description>
<MeasurementUnit>pixel</MeasurementUnit>
<sourceImageInformation><fileName>${xmlText(name)}</fileName></sourceImageInformation>
${processings.xml()}</Description>
<Tags><OtherTag${xmlAttributes(uncertainTag)}/></Tags>
<Layout>
`;
}

function altoPage(page: PageResult, processing: string | undefined): string {
  const { pageNumber, width, height, meanConfidence, orientation, skew, warnings, error } = page;
  const details = [...(error ? [error.code] : []), ...warnings];
  const attributes = xmlAttributes({
    ID: `page_${pageNumber}`,
    PHYSICAL_IMG_NR: pageNumber,
    WIDTH: width,
    HEIGHT: height,
    PROCESSINGREFS: processing,
    QUALITY_DETAIL: details.length > 0 ? details.join(" ") : undefined,
    PC: meanConfidence === null ? undefined : Math.round(meanConfidence * 10) / 1_000,
    LANG: pageLanguage(page),
  });
  const blocks = pageBlocks(page);
  const area = printedArea(blocks);
  if (!area) return `<Page${attributes}/>\n`;
  // How far what is written is turned, counter-clockwise: `orientation` is what would turn it back.
  const rotation = orientation - skew;
  const written = blocks.map((block, index) => altoBlock(block, `${pageNumber}_${index + 1}`, rotation));
  return `<Page${attributes}>\n<PrintSpace${xmlAttributes(altoPlace(area))}>\n${written.join("")}</PrintSpace>\n</Page>\n`;
}
