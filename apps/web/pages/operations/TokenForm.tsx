import { useId } from "react";
import { keepToken, readToken } from "../api/operations.ts";
import { Note } from "../parts/Note.tsx";
import "../search/SearchForm.css";

/** Asks for the token that this page is closed with; it is kept until the tab is closed. */
export function TokenForm({ onToken }: { readonly onToken: () => void }) {
  const id = useId();
  const wasGiven = readToken() !== null;
  return (
    <Note title="This page is for whoever runs Quire.">
      <form
        className="search-form"
        onSubmit={(event) => {
          event.preventDefault();
          keepToken(String(new FormData(event.currentTarget).get("token")).trim());
          onToken();
        }}
      >
        <label htmlFor={id}>OPERATIONS_TOKEN</label>
        <input id={id} name="token" type="password" required autoComplete="off" />
        <button type="submit" className="button button-main">
          Open
        </button>
      </form>
      {wasGiven ? <p role="alert">The token that was given is not the right one.</p> : null}
    </Note>
  );
}
