import type { PageAnswer } from "../api/answers.ts";

/** The pages with this one as it is now, in their order. */
export function withPage(pages: readonly PageAnswer[], page: PageAnswer): PageAnswer[] {
  const place = pages.findIndex(({ pageNumber }) => pageNumber >= page.pageNumber);
  if (place === -1) {
    return [...pages, page];
  }
  const isThere = pages[place]?.pageNumber === page.pageNumber;
  return pages.toSpliced(place, isThere ? 1 : 0, page);
}
