/** Which page's picture: files cannot be fenced, so their keys contain the run and the claim that made them. */
export interface PreviewOf {
  readonly ownerId: string;
  readonly documentId: string;
  readonly run: number;
  readonly claim: number;
  readonly pageNumber: number;
}

/** Where the picture of a page (WebP) lies in the file store. */
export function previewKey({ ownerId, documentId, run, claim, pageNumber }: PreviewOf): string {
  return `${ownerId}/${documentId}/run-${run}/claim-${claim}/page-${pageNumber}.webp`;
}
