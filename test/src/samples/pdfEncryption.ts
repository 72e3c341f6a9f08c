import { createHash } from "node:crypto";

/** What PdfWriter needs to encrypt a file. */
export interface PdfEncryption {
  /** Entries of the encryption dictionary. */
  readonly entries: string;
  /** The file's identifier as a hexadecimal string; the key depends on it. */
  readonly id: string;
  encrypt(objectNumber: number, data: Uint8Array): Uint8Array;
}

/** The padding of passwords (ISO 32000-1, 7.6.3.3, algorithm 2, step a). */
const padding = Buffer.from("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a", "hex");
const keyBytes = 5;
/** Printing (bit 3) and copying (bit 5) are allowed; the reserved bits from 7 on are set (table 22). */
const permissions = -44;

/** The standard security handler at its oldest, V 1 and R 2: RC4 with 40 bits (ISO 32000-1, 7.6.3). */
export function encryptRc4(password: string, fileId: Buffer): PdfEncryption {
  const user = Buffer.concat([Buffer.from(password, "latin1"), padding]).subarray(0, 32);
  // Algorithm 3; without an owner password the user's stands in for it.
  const owner = rc4(md5(user).subarray(0, keyBytes), user);
  const permissionBytes = Buffer.alloc(4);
  permissionBytes.writeInt32LE(permissions);
  const key = md5(user, owner, permissionBytes, fileId).subarray(0, keyBytes);
  const check = rc4(key, padding); // algorithm 4
  return {
    entries: `/Filter /Standard /V 1 /R 2 /O ${hexString(owner)} /U ${hexString(check)} /P ${permissions}`,
    id: hexString(fileId),
    // Algorithm 1: each object has its own key. Its number takes three bytes, its generation (0) two.
    encrypt(objectNumber, data) {
      const salt = Buffer.alloc(5);
      salt.writeUIntLE(objectNumber, 0, 3);
      return rc4(md5(key, salt).subarray(0, keyBytes + 5), data);
    },
  };
}

function md5(...parts: readonly Uint8Array[]): Buffer {
  return createHash("md5").update(Buffer.concat(parts)).digest();
}

function hexString(bytes: Uint8Array): string {
  return `<${Buffer.from(bytes).toString("hex")}>`;
}

/** RC4, which OpenSSL 3 no longer offers. Broken as a cipher; PDF readers must still know it. */
function rc4(key: Uint8Array, data: Uint8Array): Uint8Array {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const at = (index: number) => state[index & 255] as number;
  let j = 0;
  for (let i = 0; i < 256; i++) {
    j = (j + at(i) + (key[i % key.length] as number)) & 255;
    [state[i], state[j]] = [at(j), at(i)];
  }
  let i = 0;
  j = 0;
  return data.map((byte) => {
    i = (i + 1) & 255;
    j = (j + at(i)) & 255;
    [state[i], state[j]] = [at(j), at(i)];
    return byte ^ at(at(i) + at(j));
  });
}
