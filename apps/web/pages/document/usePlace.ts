import { useSearchParams } from "react-router";

/** Where in the document the reader is; it stands in the address, so that a reload and a shared link keep it. */
export function usePlace(pageCount: number) {
  const [parameters, setParameters] = useSearchParams();
  const asked = Number.parseInt(parameters.get("page") ?? "", 10);
  const pageNumber = Math.min(Math.max(Number.isNaN(asked) ? 1 : asked, 1), Math.max(pageCount, 1));

  /** The address of a place, for links; what is not named stays. */
  function addressOf(place: { page?: number; q?: string | null; original?: boolean }): string {
    const changed = new URLSearchParams(parameters);
    if (place.page !== undefined) {
      changed.set("page", String(place.page));
    }
    setOrDelete(changed, "q", place.q);
    setOrDelete(
      changed,
      "view",
      place.original === undefined ? undefined : place.original ? "original" : null,
    );
    return `?${changed}`;
  }

  return {
    pageNumber,
    query: parameters.get("q") ?? "",
    isOriginal: parameters.get("view") === "original",
    addressOf,
    /** Leafing leaves no trace in the history: "back" leads to where one came from. */
    goToPage: (page: number) => setParameters(addressOf({ page }), { replace: true }),
    searchFor: (q: string) => setParameters(addressOf({ q: q === "" ? null : q }), { replace: true }),
  };
}

export type Place = ReturnType<typeof usePlace>;

function setOrDelete(parameters: URLSearchParams, name: string, value: string | null | undefined): void {
  if (value === null) {
    parameters.delete(name);
  } else if (value !== undefined) {
    parameters.set(name, value);
  }
}
