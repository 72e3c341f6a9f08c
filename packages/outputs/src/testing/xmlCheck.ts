import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { validateXML } from "xmllint-wasm";

const folder = new URL("../../testing/", import.meta.url);

/** What the XML parser and the schema (a file of this package's `testing/`) have against a text; "" where nothing. */
export async function xmlFaults(xml: string, schemaName: string): Promise<string> {
  const file = async (fileName: string) => ({
    fileName,
    contents: await readFile(new URL(fileName, folder), "utf8"),
  });
  const { valid, rawOutput } = await validateXML({
    xml: { fileName: "output.xml", contents: xml },
    schema: await file(schemaName),
    preload: await file("xml.xsd"),
  });
  return valid ? "" : rawOutput;
}

/** @throws AssertionError with the first faults */
export async function assertValidXml(xml: string, schemaName: string): Promise<void> {
  assert.equal((await xmlFaults(xml, schemaName)).slice(0, 2_000), "");
}
