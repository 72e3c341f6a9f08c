import { useRef } from "react";
import { Link } from "react-router";
import type { PageAnswer } from "../api/answers.ts";
import { useIsNear } from "../parts/useIsNear.ts";
import { markWords, pageMark } from "../wording/outcomes.ts";
import { PreviewImage } from "./PreviewImage.tsx";

interface Props {
  readonly pageNumber: number;
  /** Undefined while it has not been read. */
  readonly page: PageAnswer | undefined;
  readonly address: string;
  readonly isShown: boolean;
  /** Whether the document is being read, and this page not yet. */
  readonly isNext: boolean;
}

/** A page in the strip: its picture as long as it is near, its number, and what is the matter with it. */
export function PageThumb({ pageNumber, page, address, isShown, isNext }: Props) {
  const item = useRef<HTMLLIElement>(null);
  const isNear = useIsNear(item, "100%");
  const mark = page === undefined ? null : pageMark(page);
  return (
    <li ref={item} className={`page-thumb${isNext ? " page-thumb-next" : ""}`}>
      <Link
        to={address}
        replace
        preventScrollReset
        aria-current={isShown ? "page" : undefined}
        tabIndex={isShown ? 0 : -1}
      >
        <span className="page-thumb-picture">
          {isNear && page?.previewUrl ? (
            <PreviewImage path={page.previewUrl} orientation={page.orientation} alt="" loading="lazy" />
          ) : null}
        </span>
        <span className="page-thumb-words">
          <span>
            <span className="visually-hidden">Page </span>
            {pageNumber}
          </span>
          {page === undefined ? <span className="visually-hidden"> not read yet</span> : null}
          {mark === null ? null : <span className={`page-mark page-mark-${mark}`}>{markWords[mark]}</span>}
        </span>
      </Link>
    </li>
  );
}
