import type { SearchAnswer } from "../api/answers.ts";

/** The words around what was found. */
export function Snippet({ parts }: { readonly parts: SearchAnswer["hits"][number]["snippet"] }) {
  return (
    <>
      {parts.map(({ text, isMatch }, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a snippet never change their order
        isMatch ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
      )}
    </>
  );
}
