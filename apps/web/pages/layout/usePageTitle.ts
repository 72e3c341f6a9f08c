import { useEffect } from "react";

/** Names the page in the browser's tab and history: "scan.pdf – Quire". */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Quire`;
  }, [title]);
}
