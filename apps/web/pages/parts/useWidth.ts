import { type RefObject, useEffect, useState } from "react";

/** While a window is being resized nothing is drawn anew. */
const settledMs = 200;

/** How wide an element is, in CSS pixels; 0 until it is known. Told once it stops changing. */
export function useWidth(element: RefObject<Element | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const measured = element.current;
    if (measured === null) {
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(() => setWidth(measured.clientWidth), settledMs);
    });
    setWidth(measured.clientWidth);
    observer.observe(measured);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [element]);
  return width;
}
