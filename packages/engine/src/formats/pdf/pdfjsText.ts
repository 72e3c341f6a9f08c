import type { Box } from "@quire/core";
import type { PageViewport, PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { OPS } from "pdfjs-dist/legacy/build/pdf.mjs";
import { WordGrouper } from "../../textLayer/wordGrouper.ts";
import type { TextLayer } from "../openedDocument.ts";

const invisible = 3;
const leastPathsForDrawing = 200;
const leastShareForDpi = 0.3;
const pointsPerInch = 72;
const unmapped = /[\uE000-\uF8FF\uFFF0-\uFFFF]/g;

type Matrix = readonly [number, number, number, number, number, number];

/** Reads a page's own text and what else lies on it, with pdf.js. */
export async function readPdfjsTextLayer(
  page: PDFPageProxy,
  viewport: PageViewport,
): Promise<{ layer: TextLayer; imageDpi: number | null; largestImagePixels: number }> {
  const content = await page.getTextContent();
  const grouper = new WordGrouper({ widthPoints: viewport.width, heightPoints: viewport.height });
  let printable = 0;
  let unmappedCount = 0;
  for (const item of content.items) {
    if (!("str" in item)) continue;
    printable += item.str.replace(/\s/g, "").length;
    unmappedCount += item.str.match(unmapped)?.length ?? 0;
    addItem(grouper, item.str, itemBox(item, viewport));
    if (item.hasEOL) grouper.endLine();
  }
  const drawn = await readOperators(page, viewport.width * viewport.height);
  const layer: TextLayer = {
    words: grouper.finish(),
    unmappedShare: printable === 0 ? 0 : unmappedCount / printable,
    hiddenShare: drawn.hiddenShare,
    imageShare: drawn.imageShare,
    hasDrawing: drawn.paths >= leastPathsForDrawing,
  };
  return { layer, imageDpi: drawn.imageDpi, largestImagePixels: drawn.largestImagePixels };
}

/** pdf.js gives runs of text, not characters: a run's width is shared out evenly to find its words. */
function addItem(grouper: WordGrouper, text: string, box: Box): void {
  const characters = [...text];
  const upright = box.width >= box.height || characters.length <= 1;
  for (const [index, character] of characters.entries()) {
    if (/\s/.test(character)) {
      grouper.endWord();
      continue;
    }
    const share = 1 / characters.length;
    grouper.add(
      character,
      upright
        ? { ...box, x: box.x + box.width * share * index, width: box.width * share }
        : { ...box, y: box.y + box.height * share * index, height: box.height * share },
    );
  }
}

function itemBox(item: { transform: number[]; width: number; height: number }, viewport: PageViewport): Box {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = item.transform;
  const along = Math.hypot(a, b) || 1;
  const up = Math.hypot(c, d) || 1;
  const corners = [
    [0, 0],
    [item.width, 0],
    [0, item.height],
    [item.width, item.height],
  ].map(([x = 0, y = 0]) =>
    viewport.convertToViewportPoint(e + (a / along) * x + (c / up) * y, f + (b / along) * x + (d / up) * y),
  );
  const xs = corners.map(([x]) => x as number);
  const ys = corners.map(([, y]) => y as number);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Follows the drawing operators far enough to know images, their size on the page, and invisible text. */
async function readOperators(page: PDFPageProxy, pageArea: number) {
  const { fnArray, argsArray } = await page.getOperatorList();
  let matrix: Matrix = [1, 0, 0, 1, 0, 0];
  let mode = 0;
  const saved: { matrix: Matrix; mode: number }[] = [];
  let glyphs = 0;
  let hidden = 0;
  let paths = 0;
  let imageShare = 0;
  let imageDpi: number | null = null;
  let largestImagePixels = 0;

  for (const [index, operator] of fnArray.entries()) {
    const args = argsArray[index];
    if (operator === OPS.save || operator === OPS.paintFormXObjectBegin) saved.push({ matrix, mode });
    if (operator === OPS.restore || operator === OPS.paintFormXObjectEnd)
      ({ matrix, mode } = saved.pop() ?? { matrix, mode });
    if (operator === OPS.transform) matrix = multiply(matrix, args as Matrix);
    if (operator === OPS.paintFormXObjectBegin && Array.isArray(args[0]))
      matrix = multiply(matrix, args[0] as unknown as Matrix);
    if (operator === OPS.setTextRenderingMode) mode = args[0];
    if (operator === OPS.constructPath) paths++;
    if (operator === OPS.showText) {
      const count = Array.isArray(args[0]) ? args[0].length : 0;
      glyphs += count;
      if (mode === invisible) hidden += count;
    }
    if (operator === OPS.paintImageXObject || operator === OPS.paintImageMaskXObject) {
      const [across, down] = imageSize(args);
      const area = Math.abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]);
      const share = Math.min(1, area / pageArea);
      imageShare += share;
      largestImagePixels = Math.max(largestImagePixels, across * down);
      if (share >= leastShareForDpi && across > 0) {
        imageDpi = Math.max(imageDpi ?? 0, Math.sqrt((across * down) / area) * pointsPerInch);
      }
    }
  }
  return {
    hiddenShare: glyphs === 0 ? 0 : hidden / glyphs,
    paths,
    imageShare: Math.min(1, imageShare),
    imageDpi,
    largestImagePixels,
  };
}

function imageSize(args: unknown[]): [number, number] {
  if (typeof args[1] === "number" && typeof args[2] === "number") return [args[1], args[2]];
  const image = args[0] as { width?: number; height?: number } | null;
  return [image?.width ?? 0, image?.height ?? 0];
}

function multiply(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer;
  const [g, h, i, j, k, l] = inner;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}
