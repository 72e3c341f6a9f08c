import type { PDFDocumentProxy } from "pdfjs-dist";
import { useEffect, useRef, useState } from "react";
import { useIsNear } from "../parts/useIsNear.ts";
import { useWidth } from "../parts/useWidth.ts";
import { drawPage } from "./drawPage.ts";

/** A page that is only scrolled past is not drawn. */
const settledMs = 150;

interface Props {
  readonly pdf: PDFDocumentProxy;
  readonly pageNumber: number;
  /** Height by width, until its own is known. */
  readonly expectedRatio: number;
}

/** One page of the original: drawn while it is near, and let go of when it is far away. */
export function OriginalPage({ pdf, pageNumber, expectedRatio }: Props) {
  const item = useRef<HTMLLIElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const [ratio, setRatio] = useState(expectedRatio);
  const [isBroken, setBroken] = useState(false);
  const isNear = useIsNear(item, "50%");
  const width = useWidth(sheet);

  useEffect(() => {
    if (!isNear || width === 0 || sheet.current === null) {
      return;
    }
    const element = sheet.current;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      drawPage(pdf, pageNumber, element, stop.signal).then(setRatio, () => {
        if (!stop.signal.aborted) {
          setBroken(true);
        }
      });
    }, settledMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [isNear, width, pdf, pageNumber]);

  return (
    <li ref={item} className="original-page">
      <p className="muted small">Page {pageNumber}</p>
      {isBroken ? <p>This page cannot be shown here.</p> : null}
      <div ref={sheet} className="original-sheet" style={{ aspectRatio: `1 / ${ratio}` }} />
    </li>
  );
}
