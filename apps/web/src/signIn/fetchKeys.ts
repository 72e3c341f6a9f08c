/** A key takes a kilobyte at most, and there are two or three. */
const maxBytes = 65_536;

/**
 * What is published at an address, as JSON: bounded in time and size, and from nowhere else, as whoever answers decides
 * who is let in.
 *
 * @param withinMs until all of it is there
 */
export async function fetchKeys(url: string, withinMs: number): Promise<unknown> {
  const response = await fetch(url, {
    headers: { Accept: "application/json" },
    redirect: "error",
    signal: AbortSignal.timeout(withinMs),
  });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new Error(`the keys' address answers with ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw new Error(`the keys' address answers with more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString());
}
