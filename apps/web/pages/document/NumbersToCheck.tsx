import { Link } from "react-router";
import type { DocumentAnswer } from "../api/answers.ts";
import { count, counted } from "../wording/sizes.ts";
import type { Place } from "./usePlace.ts";

/** Pages that have a link of their own; whoever checks these finds the others in the strip. */
const maxLinks = 10;

interface Props {
  readonly document: DocumentAnswer;
  readonly place: Place;
}

/** How many numbers a person should compare with the original, with links to their pages. */
export function NumbersToCheck({ document, place }: Props) {
  const { uncertainNumbers, uncertainPages, pagesDone } = document;
  if (uncertainNumbers === null)
    return (
      <p className="small">
        An earlier version of Quire read this document: its numbers were not checked. Run OCR again to have
        them checked.
      </p>
    );
  if (uncertainNumbers === 0 || pagesDone === 0) return null;
  const linked = uncertainPages.slice(0, maxLinks);
  const more = uncertainPages.length - linked.length;
  return (
    <p className="small">
      {counted(uncertainNumbers, "number", "numbers")} to check, on{" "}
      {uncertainPages.length === 1 ? "page" : "pages"}{" "}
      {linked.map((pageNumber, index) => (
        <span key={pageNumber}>
          {index === 0 ? "" : index === linked.length - 1 && more === 0 ? " and " : ", "}
          <Link to={place.addressOf({ page: pageNumber, original: false })}>{count(pageNumber)}</Link>
        </span>
      ))}
      {more > 0 ? ` and ${count(more)} more` : ""}
    </p>
  );
}
