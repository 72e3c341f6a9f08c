import { type RefObject, useEffect, useState } from "react";

/**
 * Whether an element is in view or nearly so; what is far away need not hold pictures.
 * @param margin how far beyond what is seen counts as near, in percent of its size
 */
export function useIsNear(element: RefObject<Element | null>, margin: `${number}%`): boolean {
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
  }, [element, margin]);
  return isNear;
}
