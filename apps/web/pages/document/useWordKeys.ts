import { type KeyboardEvent, type RefObject, useState } from "react";
import { lineOf, type PlacedWord } from "./wordLayout.ts";

/**
 * One word of the layer is in the tab order; the arrow keys lead to its neighbours, up and down to the lines, Enter
 * asks for the word and Escape stops asking.
 */
export function useWordKeys(
  placed: readonly PlacedWord[],
  layer: RefObject<HTMLElement | null>,
  ask: (word: PlacedWord | null) => void,
) {
  const [current, setCurrent] = useState(0);
  const reachable = Math.min(current, Math.max(placed.length - 1, 0));

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      ask(placed[reachable] ?? null);
      return;
    }
    if (event.key === "Escape") {
      ask(null);
      return;
    }
    const target = wordAfterKey(event.key, placed, reachable);
    // With Shift the arrow keys select.
    if (target !== null && !event.shiftKey) {
      event.preventDefault();
      setCurrent(target);
      ask(null);
      layer.current?.querySelector<HTMLElement>(`[data-index="${target}"]`)?.focus();
    }
  }

  return { reachable, onKeyDown, onFocus: (index: number) => setCurrent(index) };
}

export function wordAfterKey(key: string, placed: readonly PlacedWord[], current: number): number | null {
  const last = placed.length - 1;
  switch (key) {
    case "ArrowRight":
      return Math.min(current + 1, last);
    case "ArrowLeft":
      return Math.max(current - 1, 0);
    case "ArrowDown":
      return nearestInLine(placed, current, 1);
    case "ArrowUp":
      return nearestInLine(placed, current, -1);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}

/** The word of the next (1) or previous (-1) line that is nearest sideways. */
function nearestInLine(placed: readonly PlacedWord[], current: number, step: 1 | -1): number {
  const from = placed[current];
  if (from === undefined) {
    return current;
  }
  let index = current;
  while (placed[index] !== undefined && lineOf((placed[index] as PlacedWord).word) === lineOf(from.word)) {
    index += step;
  }
  const line = placed[index];
  if (line === undefined) {
    return current;
  }
  let nearest = index;
  for (
    ;
    placed[index] !== undefined && lineOf((placed[index] as PlacedWord).word) === lineOf(line.word);
    index += step
  ) {
    if (distance(placed[index] as PlacedWord, from) < distance(placed[nearest] as PlacedWord, from)) {
      nearest = index;
    }
  }
  return nearest;
}

function distance(a: PlacedWord, b: PlacedWord): number {
  return Math.abs(a.leftPercent + a.widthPercent / 2 - (b.leftPercent + b.widthPercent / 2));
}
