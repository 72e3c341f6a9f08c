import type { OpenedDocument } from "../formats/openedDocument.ts";
import { encodeNetpbm } from "../raster/netpbm.ts";
import type { Sample } from "../recognise/languages/chooseLanguages.ts";
import { detectScripts } from "../recognise/osd/detectScripts.ts";
import type { OrientationAndScript } from "../recognise/osd/osdMessages.ts";
import { chooseExcerpt } from "../upright/excerpt.ts";
import type { UprightImage } from "../upright/prepareUpright.ts";
import { cutTurned, type Orientation } from "../upright/quarterTurns.ts";
import type { DocumentLanguages, LanguageSeeker } from "./documentLanguages.ts";
import type { PageContext } from "./readPage.ts";

/** What an OSD thread takes while it runs (docs/decisions/0016). */
const osdBytes = 110_000_000;
/** Of a strip, in cells as `chooseExcerpt` counts: about 60 words. */
const sampleInk = 6_000;
/** Less sure than this, the script that was seen is often the wrong one (docs/decisions/0016). */
const leastScriptConfidence = 1;

export interface SeekerOptions {
  readonly document: OpenedDocument;
  readonly languages: DocumentLanguages;
  /** The page itself. */
  readonly own: UprightImage;
  /** Another page for the recogniser; null where it need not be recognised. */
  prepareOther(pageNumber: number): Promise<UprightImage | null>;
}

/**
 * A page for which languages are chosen, with the means to try some. What goes wrong with a sample or a model is no
 * reason to fail the page: that counts as nothing read.
 */
export function seekLanguages(context: PageContext, options: SeekerOptions): LanguageSeeker {
  const { document, languages, own, prepareOther } = options;
  const { pool, room, exclusively, onStage } = context;
  const alone = context.care !== "usual" || context.sampling === "page";
  // What takes too long is the page's own fault only where it is alone with itself.
  const stage = alone ? "recognising" : "choosing";
  return {
    pageCount: document.pageCount,
    alone,
    ownSample: () => sampleOf(own),
    async sample(pageNumber) {
      try {
        const other = await exclusively(() => {
          onStage("choosing");
          return prepareOther(pageNumber);
        });
        return other && sampleOf(other);
      } catch {
        return null;
      }
    },
    async recognise(image, dpi, tried) {
      onStage("waiting");
      const job = { image: encodeNetpbm(image), dpi, document: context.document, ...languages.model(tried) };
      try {
        return await pool.recognise(job, () => onStage(stage));
      } catch {
        return [];
      }
    },
    async detectScript(samples) {
      if (!(await room.has(osdBytes))) return null;
      onStage(stage);
      const images = samples.map(({ dpi, waysUp: [image] }) => ({ dpi, image: encodeNetpbm(image) }));
      return likeliest(await detectScripts(images).catch(() => []));
    },
    onWaiting: () => onStage("waiting"),
    onChosen: context.onLanguages,
  };
}

/** The strip of a page in which most is written, as it lies and the other way up; null where hardly anything is. */
function sampleOf({ image, dpi, sideways }: UprightImage): Sample | null {
  const strip = chooseExcerpt(image, dpi, sideways, sampleInk);
  if (!strip) return null;
  const [first, second]: readonly [Orientation, Orientation] = sideways ? [90, 270] : [0, 180];
  return { dpi, waysUp: [cutTurned(image, strip, first), cutTurned(image, strip, second)] };
}

/** The script that was seen most surely; null if none was for sure. */
function likeliest(detected: readonly (OrientationAndScript | null)[]): string | null {
  const seen = detected.filter((each) => each !== null);
  const surest = seen.toSorted((one, other) => other.scriptConfidence - one.scriptConfidence)[0];
  return surest && surest.scriptConfidence >= leastScriptConfidence ? surest.script : null;
}
