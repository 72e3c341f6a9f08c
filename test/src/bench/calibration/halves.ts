import { createHash } from "node:crypto";

/**
 * The half of the documents that one belongs to: `fit` to choose weights by, `test` to say how good they are. By the
 * document's name, so that its scan, its fax and its pages in `long/` are in the same half.
 */
export function halfOf(documentName: string): "fit" | "test" {
  const [first = 0] = createHash("sha256").update(documentName).digest();
  return first % 2 === 0 ? "fit" : "test";
}
