export const producer = "Quire";

/**
 * The information dictionary. Where the file is for an archive, its metadata say the same.
 *
 * @param title none where it is empty
 */
export function informationDictionary(title: string): string {
  const stated = title === "" ? "" : `/Title ${textString(printable(title))} `;
  return `<< ${stated}/Producer (${producer}) >>`;
}

/** A text string as UTF-16 behind its mark, in hexadecimal digits (ISO 32000-1, 7.9.2.2). */
function textString(text: string): string {
  const units = Buffer.from(`\ufeff${text}`, "utf16le").swap16();
  return `<${units.toString("hex")}>`;
}

/** The metadata of an archival file: PDF/A-2b (ISO 19005-2, 6.6), in XMP. */
export function archivalMetadata(title: string): Buffer {
  const stated =
    title === ""
      ? ""
      : `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escaped(printable(title))}</rdf:li></rdf:Alt></dc:title>`;
  return Buffer.from(`<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">${stated}<pdf:Producer>${producer}</pdf:Producer></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`);
}

/** Without what XML has no place for: control characters and halves of surrogate pairs. */
function printable(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\ufffe\uffff]/gu, " ");
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => escapes[character] ?? character);
}
