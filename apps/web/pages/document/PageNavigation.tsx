import { count } from "../wording/sizes.ts";
import type { Place } from "./usePlace.ts";
import "./PageNavigation.css";

interface Props {
  readonly pageCount: number;
  readonly place: Place;
  readonly isMarking: boolean;
  readonly onMarking: (isMarking: boolean) => void;
}

/** Which page is shown, the way to its neighbours, and how it is shown. */
export function PageNavigation({ pageCount, place, isMarking, onMarking }: Props) {
  const { pageNumber, goToPage } = place;
  return (
    <div className="page-navigation">
      <h2 id="page-heading" aria-live="polite">
        Page {count(pageNumber)} of {count(pageCount)}
      </h2>
      <div className="button-row">
        <button
          type="button"
          className="button"
          disabled={pageNumber <= 1}
          onClick={() => goToPage(pageNumber - 1)}
        >
          Previous page
        </button>
        <button
          type="button"
          className="button"
          disabled={pageNumber >= pageCount}
          onClick={() => goToPage(pageNumber + 1)}
        >
          Next page
        </button>
      </div>
      <label className="page-marking">
        <input type="checkbox" checked={isMarking} onChange={(event) => onMarking(event.target.checked)} />
        <span className={isMarking ? "uncertain-word" : ""}>Highlight uncertain words</span>
      </label>
    </div>
  );
}
