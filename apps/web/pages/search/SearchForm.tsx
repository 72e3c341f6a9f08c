import { type ReactNode, useId } from "react";
import "./SearchForm.css";

/** The server takes no longer ones. */
const maxQueryLength = 200;

interface Props {
  readonly label: string;
  readonly query: string;
  readonly onSearch: (query: string) => void;
  readonly children?: ReactNode;
}

export function SearchForm({ label, query, onSearch, children }: Props) {
  const id = useId();
  return (
    <search>
      <form
        className="search-form"
        // Another query from elsewhere (a link, "back") is shown as well.
        key={query}
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(String(new FormData(event.currentTarget).get("q")).trim());
        }}
      >
        <label htmlFor={id} className="visually-hidden">
          {label}
        </label>
        <input
          id={id}
          name="q"
          type="search"
          placeholder={label}
          defaultValue={query}
          maxLength={maxQueryLength}
          autoComplete="off"
        />
        <button type="submit" className="button">
          Search
        </button>
        {children}
      </form>
    </search>
  );
}
