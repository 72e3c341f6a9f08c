import type { PageAnswer } from "../api/answers.ts";
import { usePicture } from "./usePicture.ts";
import "./PreviewImage.css";

interface Props {
  readonly path: string;
  /** By how much the picture is turned clockwise to be upright. */
  readonly orientation: PageAnswer["orientation"];
  readonly alt: string;
  readonly loading?: "lazy";
}

/** The picture of a page, upright, as soon as it is there. It fills what it stands in. */
export function PreviewImage({ path, orientation, alt, loading }: Props) {
  const url = usePicture(path);
  return url === null ? null : (
    <span className={`preview-image preview-image-${orientation}`}>
      <img src={url} alt={alt} loading={loading} decoding="async" />
    </span>
  );
}
