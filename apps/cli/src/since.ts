/** `2026-11-21`, `2026-11-21T08:00`, or how long ago: `36h`, `14d`. @throws Error unless it is one of them */
export function parseSince(text: string, now = new Date()): Date {
  const ago = /^(\d{1,5})([hd])$/.exec(text);
  const hours = ago && Number(ago[1]) * (ago[2] === "d" ? 24 : 1);
  const at = hours ? new Date(now.getTime() - hours * 3_600_000) : new Date(text);
  if (Number.isNaN(at.getTime())) throw new Error("It must be a time such as 2026-11-21, or 36h, 14d.");
  return at;
}
