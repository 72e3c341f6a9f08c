import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { validateXML } from "xmllint-wasm";

const folder = fileURLToPath(new URL("../../testing/", import.meta.url));

/**
 * What the XML parser and the schema have against a text; "" where nothing.
 * @param schemaName a file of this package's `testing/`, which also stands in for what it imports, or an absolute path
 */
export async function xmlFaults(xml: string, schemaName: string): Promise<string> {
  const { valid, rawOutput } = await validateXML({
    xml: { fileName: "output.xml", contents: xml },
    schema: { fileName: "schema.xsd", contents: importingBeside(await textOf(schemaName)) },
    preload: await Promise.all(
      ["xml.xsd", "xlink.xsd"].map(async (fileName) => ({ fileName, contents: await textOf(fileName) })),
    ),
  });
  return valid ? "" : rawOutput;
}

/** @throws AssertionError with the first faults */
export async function assertValidXml(xml: string, schemaName: string): Promise<void> {
  assert.equal((await xmlFaults(xml, schemaName)).slice(0, 2_000), "");
}

function textOf(fileName: string): Promise<string> {
  return readFile(resolve(folder, fileName), "utf8");
}

/** A schema whose imports lie beside it, and not elsewhere in the network. */
function importingBeside(schema: string): string {
  return schema.replace(/(\sschemaLocation=")[^"]*\//g, "$1");
}
