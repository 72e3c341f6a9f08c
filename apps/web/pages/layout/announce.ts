import { Watched } from "../parts/watched.ts";

/** What a screen reader is told in passing. The number makes the same words news again. */
export const announcement = new Watched<{ readonly words: string; readonly number: number }>({
  words: "",
  number: 0,
});

/** Says something politely: ends of things, not their progress. */
export function announce(words: string): void {
  announcement.set({ words, number: announcement.value.number + 1 });
}
