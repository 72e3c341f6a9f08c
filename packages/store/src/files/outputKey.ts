/** Which output: files cannot be fenced, so their keys contain the run and the claim of the pages they are made of. */
export interface OutputOf {
  readonly ownerId: string;
  readonly documentId: string;
  readonly run: number;
  /** The highest of the run's pages. */
  readonly claim: number;
  readonly format: string;
}

/** Where an output of a document lies in the file store; its ending is its format's name. */
export function outputKey({ ownerId, documentId, run, claim, format }: OutputOf): string {
  return `${ownerId}/${documentId}/run-${run}/claim-${claim}/output.${format}`;
}
