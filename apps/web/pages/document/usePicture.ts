import { useEffect, useState } from "react";
import { access } from "../api/access.ts";

/** An address of a picture that an `img` can have; null until it is there, or where it cannot be had. */
export function usePicture(path: string): string | null {
  const pictures = access().inPlaceOfLinks?.pictures ?? null;
  const [shown, setShown] = useState<{ readonly path: string; readonly url: string } | null>(null);
  useEffect(() => {
    if (pictures === null) {
      return;
    }
    const taken = pictures.take(path);
    let isShown = true;
    taken.url.then(
      (url) => {
        if (isShown) {
          setShown({ path, url });
        }
      },
      () => {},
    );
    return () => {
      isShown = false;
      taken.giveBack();
    };
  }, [path, pictures]);
  if (pictures === null) {
    return path;
  }
  return shown?.path === path ? shown.url : null;
}
