import { collectGarbage, freeBytes } from "@quire/memory";
import type { OpenedPage } from "../formats/openedDocument.ts";
import type { PageCare } from "../protocol.ts";
import type { MemoryFill } from "./clientMemory.ts";

/**
 * Bytes for each pixel of a raster on its way to the recogniser: the library's bitmap, the grey copy of it, and what
 * becomes of that.
 */
const rasterBytesPerPixel = 3;

/** An image smaller than this shows no page any more: rather than that, the page does not fit. */
const leastPixels = 1_000_000;
/** Of the pixels it may usually have, for a page that has driven the memory to its limit. */
const reducedShare = 0.5;
/** What is free changes by the page: a raster made to fit leaves some of it. */
const fittingShare = 0.9;

/** A page was not begun, for what it needs is not free. In bytes. */
export class DoesNotFit extends Error {
  override readonly name = "DoesNotFit";
  readonly needsBytes: number;
  readonly freeBytes: number;
  readonly limitBytes: number;

  constructor(needsBytes: number, freeBytes: number, limitBytes: number) {
    super("the page does not fit into what is free");
    this.needsBytes = needsBytes;
    this.freeBytes = freeBytes;
    this.limitBytes = limitBytes;
  }
}

export interface RoomOptions {
  readonly gauge: { read(): Promise<MemoryFill> };
  /** Resolves when no page is being recognised any more. */
  readonly idle: () => Promise<void>;
}

/** What the memory has room for: no page is rasterised before its estimate fits into what is free. */
export class Room {
  readonly #gauge: RoomOptions["gauge"];
  readonly #idle: RoomOptions["idle"];

  constructor({ gauge, idle }: RoomOptions) {
    this.#gauge = gauge;
    this.#idle = idle;
  }

  /**
   * The page, which from now on is rasterised only where it fits; `onStage` is told when it has to wait for the pages
   * before it, and when it goes on.
   *
   * @throws DoesNotFit from `rasterise`
   */
  guarded(page: OpenedPage, onStage: (stage: "waiting" | "rendering") => void): OpenedPage {
    return {
      ...page,
      rasterise: async (dpi) => {
        const pixels = page.widthInches * page.heightInches * dpi * dpi;
        await this.#admit(page.decodeBytes + pixels * rasterBytesPerPixel, onStage);
        return page.rasterise(dpi);
      },
    };
  }

  /**
   * The most pixels this page's raster may have. A page that is read with care is read smaller where it would not fit
   * otherwise; any other waits for better times instead.
   */
  async mostPixels(page: OpenedPage, maxRasterPixels: number, care: PageCare): Promise<number> {
    if (care === "usual") return maxRasterPixels;
    const share = care === "reduced" ? reducedShare : 1;
    const free = freeBytes(await this.#gauge.read());
    const fitting = ((free - page.decodeBytes) / rasterBytesPerPixel) * fittingShare;
    return Math.max(leastPixels, Math.min(maxRasterPixels, fitting) * share);
  }

  /** Whether so much is free, for what can be done without. */
  async has(bytes: number): Promise<boolean> {
    return bytes <= freeBytes(await this.#gauge.read());
  }

  async #admit(needsBytes: number, onStage: (stage: "waiting" | "rendering") => void): Promise<void> {
    if (await this.has(needsBytes)) return;
    onStage("waiting");
    await this.#idle();
    onStage("rendering");
    collectGarbage();
    const fill = await this.#gauge.read();
    const free = freeBytes(fill);
    if (needsBytes > free) throw new DoesNotFit(needsBytes, free, fill.limitBytes);
  }
}
