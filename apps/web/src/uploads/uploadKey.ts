/** `OWNER/UPLOAD`: each owner's uploads lie in a folder of its own, so that another's are not found. */
export type UploadKey = string;

const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const keyPattern = new RegExp(`^(${uuid})/(${uuid})$`);

/** @param id what stands in the address, whatever it is @returns null where that is no upload's id */
export function uploadKey(ownerId: string, id: string): UploadKey | null {
  const key = `${ownerId}/${id}`;
  return keyPattern.test(key) ? key : null;
}

/** The upload's id is the document's to be. */
export function partsOf(key: UploadKey): { ownerId: string; id: string } {
  const [, ownerId = "", id = ""] = keyPattern.exec(key) ?? [];
  return { ownerId, id };
}
