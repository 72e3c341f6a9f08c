import { type PDFDocumentProxy, type PDFPageProxy, TextLayer } from "pdfjs-dist";
import { keepSelectionSteady } from "../parts/steadySelection.ts";

/** Finer than this cannot be seen, and costs memory by the square. */
const maxPixelRatio = 2;
/** Of a canvas: 16 megapixels are 64 MB. */
const maxCanvasPixels = 16_000_000;

/**
 * Draws a page of a PDF into an element, with its text over it, and takes all of it away when `signal` says so.
 * @returns its height by its width
 * @throws what pdf.js says of a page that it cannot draw
 */
export async function drawPage(
  pdf: PDFDocumentProxy,
  pageNumber: number,
  sheet: HTMLElement,
  signal: AbortSignal,
): Promise<number> {
  const page = await pdf.getPage(pageNumber);
  const natural = page.getViewport({ scale: 1 });
  const ratio = natural.height / natural.width;
  if (!signal.aborted) {
    const scale = sheet.clientWidth / natural.width;
    await Promise.all([drawPicture(page, scale, sheet, signal), drawText(page, scale, sheet, signal)]);
  }
  return ratio;
}

async function drawPicture(
  page: PDFPageProxy,
  scale: number,
  sheet: HTMLElement,
  signal: AbortSignal,
): Promise<void> {
  const shown = page.getViewport({ scale });
  const finest = Math.sqrt(maxCanvasPixels / (shown.width * shown.height));
  const viewport = page.getViewport({
    scale: scale * Math.min(devicePixelRatio, maxPixelRatio, finest),
  });
  const canvas = document.createElement("canvas");
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  sheet.append(canvas);
  const drawing = page.render({ canvas, viewport });
  signal.addEventListener("abort", () => {
    drawing.cancel();
    // Without a size a canvas holds no memory, whenever it is collected.
    canvas.width = 0;
    canvas.height = 0;
    canvas.remove();
    void drawing.promise.catch(() => {}).finally(() => page.cleanup());
  });
  await drawing.promise;
}

async function drawText(
  page: PDFPageProxy,
  scale: number,
  sheet: HTMLElement,
  signal: AbortSignal,
): Promise<void> {
  const container = document.createElement("div");
  container.className = "original-text";
  // By these pdf.js sets the size of its texts.
  container.style.setProperty("--total-scale-factor", String(scale));
  container.style.setProperty("--scale-factor", String(scale));
  sheet.append(container);
  const layer = new TextLayer({
    textContentSource: page.streamTextContent(),
    container,
    viewport: page.getViewport({ scale }),
  });
  signal.addEventListener("abort", () => {
    layer.cancel();
    container.remove();
  });
  await layer.render();
  const stop = keepSelectionSteady(container);
  signal.addEventListener("abort", stop);
}
