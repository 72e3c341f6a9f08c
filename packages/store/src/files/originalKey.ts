/** Where the file that was uploaded lies in the file store: below its owner and its document, as all that belongs to it. */
export function originalKey(ownerId: string, documentId: string): string {
  return `${ownerId}/${documentId}/original`;
}
