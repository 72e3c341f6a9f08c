import type { PageResult } from "@quire/core";
import { altoBlock, altoPlace } from "./altoBlock.ts";
import type { FormatPages } from "./formatPages.ts";
import { pageLanguage } from "./languageTag.ts";
import { pageBlocks, printedArea } from "./pageBlocks.ts";
import { softwareName, softwareVersion } from "./software.ts";
import { xmlAttributes, xmlText } from "./xmlText.ts";

const namespace = "http://www.loc.gov/standards/alto/ns-v4#";
const schema = "http://www.loc.gov/standards/alto/v4/alto-4-4.xsd";

/** How the text of a page was had: what its PROCESSINGREFS points to. */
const processings = {
  recognized: "optical character recognition",
  text_layer: "the document's own text layer",
} as const;

/** ALTO 4.4, all pages in one file: blocks, lines, words, with their places in pixels and confidences from 0 to 1. */
export const formatAlto: FormatPages = async function* ({ name }, pages) {
  yield `<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${namespace} ${schema}" SCHEMAVERSION="4.4">
<Description>
<MeasurementUnit>pixel</MeasurementUnit>
<sourceImageInformation><fileName>${xmlText(name)}</fileName></sourceImageInformation>
${Object.entries(processings).map(processing).join("\n")}
</Description>
<Layout>
`;
  let isEmpty = true;
  for await (const page of pages) {
    yield altoPage(page);
    isEmpty = false;
  }
  // The schema wants a page; of a document of which none was read, there is nothing to say of the first.
  if (isEmpty) yield `<Page ID="page_1" PHYSICAL_IMG_NR="1"/>\n`;
  yield "</Layout>\n</alto>\n";
};

function processing([id, description]: readonly [string, string]): string {
  return `<Processing ID="${id}"><processingCategory>contentGeneration</processingCategory><processingStepDescription>${xmlText(description)}</processingStepDescription><processingSoftware><softwareName>${softwareName}</softwareName><softwareVersion>${xmlText(softwareVersion())}</softwareVersion></processingSoftware></Processing>`;
}

function altoPage(page: PageResult): string {
  const { pageNumber, outcome, width, height, meanConfidence, orientation, skew, warnings, error } = page;
  const details = [...(error ? [error.code] : []), ...warnings];
  const attributes = xmlAttributes({
    ID: `page_${pageNumber}`,
    PHYSICAL_IMG_NR: pageNumber,
    WIDTH: width,
    HEIGHT: height,
    PROCESSINGREFS: outcome in processings ? outcome : undefined,
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
