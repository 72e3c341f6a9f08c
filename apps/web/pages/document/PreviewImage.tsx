import { usePicture } from "./usePicture.ts";

interface Props {
  readonly path: string;
  readonly alt: string;
  readonly loading?: "lazy";
}

/** The picture of a page, as soon as it is there. */
export function PreviewImage({ path, alt, loading }: Props) {
  const url = usePicture(path);
  return url === null ? null : <img src={url} alt={alt} loading={loading} decoding="async" />;
}
