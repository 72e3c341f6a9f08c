import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { validateXML } from "xmllint-wasm";
import { fromTop, runQuire } from "./quire.ts";

/** Where the schemas are that the outputs are held against. */
const schemas = "packages/outputs/testing";

async function faults(xml: string, schemaName: string): Promise<string> {
  const file = async (fileName: string) => ({
    fileName,
    contents: await readFile(fromTop(`${schemas}/${fileName}`), "utf8"),
  });
  const { valid, rawOutput } = await validateXML({
    xml,
    schema: await file(schemaName),
    preload: await file("xml.xsd"),
  });
  return valid ? "" : rawOutput;
}

async function written(format: string): Promise<string> {
  const { code, stdout, stderr } = await runQuire(["ocr", "--format", format, fromTop("samples/mixed.pdf")]);
  assert.equal(code, 0, stderr);
  return stdout;
}

test("a document of read, taken and blank pages is valid ALTO, each page in its place", async () => {
  const alto = await written("alto");
  assert.equal(await faults(alto, "alto-as-written.xsd"), "");
  assert.deepEqual(alto.match(/PHYSICAL_IMG_NR="\d+"/g)?.length, alto.match(/<Page /g)?.length);
  assert.match(alto, /PROCESSINGREFS="text_layer"/);
  assert.match(alto, /PROCESSINGREFS="reader_1"/);
  assert.match(alto, /CONTENT="asthma"/);
});

test("the same document is valid hOCR", async () => {
  const hocr = await written("hocr");
  assert.equal(await faults(hocr, "hocr-as-written.xsd"), "");
  assert.match(hocr, />asthma<\/span>/);
});
