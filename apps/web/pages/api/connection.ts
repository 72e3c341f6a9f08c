import { Watched } from "../parts/watched.ts";

/**
 * Whether Quire answers. Every request tells; once one found nobody, `/ready` is asked until somebody answers.
 *
 * up → (a request found nobody) → down → (the probe, or any request, is answered) → up
 */
export const connection = new Watched<"up" | "down">("up");

/** Any HTTP answer says that Quire is there; a small one will do. */
const probePath = "/health";
const probeDelaysMs = [1_000, 2_000, 4_000, 8_000] as const;
const probeTimeoutMs = 10_000;

export function reportReached(): void {
  connection.set("up");
}

export function reportUnreachable(): void {
  if (connection.value === "up") {
    connection.set("down");
    probeLater(0);
  }
}

function probeLater(attempt: number): void {
  const delayMs = probeDelaysMs[Math.min(attempt, probeDelaysMs.length - 1)] as number;
  setTimeout(async () => {
    if (connection.value === "up") {
      return;
    }
    if (await answers()) {
      reportReached();
    } else {
      probeLater(attempt + 1);
    }
  }, delayMs);
}

async function answers(): Promise<boolean> {
  try {
    const answer = await fetch(probePath, { cache: "no-store", signal: AbortSignal.timeout(probeTimeoutMs) });
    // A proxy answers 502 to 504 for a server that is away; Quire itself is alive when it says 200.
    return answer.ok;
  } catch {
    return false;
  }
}
