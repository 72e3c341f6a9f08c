import { useState } from "react";
import { announce } from "../layout/announce.ts";

/** Copies a text. Nothing where the browser has no clipboard to give (an address that is not secure). */
export function CopyButton({ text }: { readonly text: string }) {
  const [words, setWords] = useState("Copy");
  if (!("clipboard" in navigator)) {
    return null;
  }
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setWords("Copied");
      announce("The text is copied.");
    } catch {
      setWords("The browser did not allow it");
    }
  }
  return (
    <button
      type="button"
      className="button"
      aria-label={`${words}: text of the page`}
      onClick={() => void copy()}
    >
      {words}
    </button>
  );
}
