import { type KeyboardEvent, useEffect, useRef } from "react";
import type { DocumentAnswer, PageAnswer } from "../api/answers.ts";
import { PageThumb } from "./PageThumb.tsx";
import type { Place } from "./usePlace.ts";
import "./PageStrip.css";

interface Props {
  readonly document: DocumentAnswer;
  readonly pages: readonly PageAnswer[];
  readonly pageCount: number;
  readonly place: Place;
}

/** All pages as links with their pictures. One of them is in the tab order; the arrow keys lead to the others. */
export function PageStrip({ document, pages, pageCount, place }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const byNumber = new Map(pages.map((page) => [page.pageNumber, page]));

  useEffect(() => scrollToThumb(list.current, place.pageNumber), [place.pageNumber]);

  function onKeyDown(event: KeyboardEvent<HTMLOListElement>): void {
    // Where the focus is: with fast keys the page that is shown comes after it.
    const focused = (event.target as Element).closest("li");
    const pageNumber = [...(list.current?.children ?? [])].indexOf(focused as Element) + 1;
    const target = pageAfterKey(event.key, pageNumber, pageCount);
    if (target !== null) {
      event.preventDefault();
      place.goToPage(target);
      list.current?.querySelectorAll("a")[target - 1]?.focus({ preventScroll: true });
    }
  }

  return (
    <nav aria-label="Pages" className="page-strip">
      <ol ref={list} onKeyDown={onKeyDown}>
        {Array.from({ length: pageCount }, (_, index) => index + 1).map((pageNumber) => (
          <PageThumb
            key={pageNumber}
            pageNumber={pageNumber}
            page={byNumber.get(pageNumber)}
            address={place.addressOf({ page: pageNumber, original: false })}
            isShown={pageNumber === place.pageNumber}
            isNext={document.status === "processing" && !byNumber.has(pageNumber)}
          />
        ))}
      </ol>
    </nav>
  );
}

function pageAfterKey(key: string, pageNumber: number, pageCount: number): number | null {
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: pageNumber - 1,
    ArrowUp: pageNumber - 1,
    ArrowRight: pageNumber + 1,
    ArrowDown: pageNumber + 1,
    Home: 1,
    End: pageCount,
  };
  const target = targets[key];
  return target === undefined || target < 1 || target > pageCount ? null : target;
}

/** Within the strip only: the page itself stays where the reader has it. */
function scrollToThumb(list: HTMLOListElement | null, pageNumber: number): void {
  const thumb = list?.children[pageNumber - 1];
  if (list === null || !(thumb instanceof HTMLElement)) {
    return;
  }
  const box = thumb.getBoundingClientRect();
  const view = list.getBoundingClientRect();
  list.scrollBy({
    left: (box.left + box.right - view.left - view.right) / 2,
    top: (box.top + box.bottom - view.top - view.bottom) / 2,
  });
}
