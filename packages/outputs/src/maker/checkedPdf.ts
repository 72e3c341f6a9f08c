import { makerFailed } from "./makerProcess.ts";

const header = "%PDF-";
/** Readers look for the header in so many bytes, since some originals begin with others (ISO 32000-1, annex H.3.4.1). */
const headerWithinBytes = 1_024;

/**
 * Hands bytes on that begin as a PDF does, and no more of them than a PDF could have.
 *
 * @param mostBytes how many, as far as can be said by then
 * @throws QuireError `pdf_maker_failed`
 */
export async function* checkedPdf(
  output: AsyncIterable<Uint8Array>,
  mostBytes: () => number,
): AsyncGenerator<Uint8Array> {
  let begin: Buffer | null = Buffer.alloc(0);
  let bytes = 0;
  for await (const chunk of output) {
    bytes += chunk.length;
    if (bytes > mostBytes()) throw makerFailed("wrote more than a PDF of this document can have");
    if (begin === null) {
      yield chunk;
      continue;
    }
    begin = Buffer.concat([begin, chunk]);
    if (begin.subarray(0, headerWithinBytes).includes(header)) {
      yield begin;
      begin = null;
    } else if (begin.length >= headerWithinBytes) break;
  }
  // What ended without a byte says why in another way.
  if (begin !== null && begin.length > 0) throw makerFailed("wrote something that is no PDF");
}
