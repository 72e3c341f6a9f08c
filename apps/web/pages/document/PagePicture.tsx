import type { Word } from "@quire/core";
import { readingSpace } from "@quire/core/geometry";
import { useState } from "react";
import type { PageAnswer } from "../api/answers.ts";
import { PreviewImage } from "./PreviewImage.tsx";
import { WordLayer } from "./WordLayer.tsx";
import type { IsMatch } from "./wordMatcher.ts";
import "./PagePicture.css";

interface Props {
  readonly page: PageAnswer;
  readonly words: readonly Word[];
  readonly isMarking: boolean;
  readonly isMatch: IsMatch | null;
}

/** How much larger than its column the picture may be shown. */
const zooms = [1, 1.5, 2, 3];

/** The picture of a page, upright, with its words over it. Without a picture the words stand where they were found. */
export function PagePicture({ page, words, isMarking, isMatch }: Props) {
  const [zoom, setZoom] = useState(0);
  if (page.width === 0 || page.height === 0) {
    return null;
  }
  const { width, height } = readingSpace(page);
  const zoomButton = (words: string, sign: string, change: number) => (
    <button
      type="button"
      className="button"
      aria-label={words}
      disabled={zooms[zoom + change] === undefined}
      onClick={() => setZoom(zoom + change)}
    >
      {sign}
    </button>
  );
  return (
    <figure className="page-picture">
      <div className="page-picture-tools">
        <figcaption className="muted small">
          Select words to copy them; click one to see how certain it is.
        </figcaption>
        <div className="button-row">
          {zoomButton("Smaller picture", "−", -1)}
          {zoomButton("Larger picture", "+", 1)}
        </div>
      </div>
      {/* What scrolls must be reachable by keyboard. */}
      <section
        className={`page-picture-window${zoom > 0 ? " page-picture-window-zoomed" : ""}`}
        tabIndex={zoom > 0 ? 0 : undefined}
        aria-label="Picture"
      >
        <div
          className="page-picture-sheet"
          style={{ aspectRatio: `${width} / ${height}`, width: `${(zooms[zoom] ?? 1) * 100}%` }}
        >
          {page.previewUrl === null ? null : (
            <PreviewImage
              path={page.previewUrl}
              orientation={page.orientation}
              alt={`Page ${page.pageNumber} as it looks`}
            />
          )}
          <WordLayer
            page={page}
            words={words}
            isMarking={isMarking}
            isMatch={isMatch}
            hasPicture={page.previewUrl !== null}
          />
        </div>
      </section>
    </figure>
  );
}
