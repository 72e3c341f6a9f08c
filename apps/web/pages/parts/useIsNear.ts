import { type RefObject, useEffect, useState } from "react";

/** How far beyond what is seen counts as near: about a screen each way. */
const margin = "100%";

/** Whether an element is in view or nearly so; what is far away need not hold pictures. */
export function useIsNear(element: RefObject<Element | null>): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (element.current === null) {
      return;
    }
    const observer = new IntersectionObserver(
      (entries) => setNear(entries.at(-1)?.isIntersecting ?? false),
      // scrollMargin is the same for a list that scrolls by itself.
      { rootMargin: margin, scrollMargin: margin } as IntersectionObserverInit,
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return isNear;
}
