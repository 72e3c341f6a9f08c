import type { Word } from "@quire/core";
import { type ClipboardEvent, useEffect, useMemo, useRef, useState } from "react";
import type { PageAnswer } from "../api/answers.ts";
import { keepSelectionSteady } from "../parts/steadySelection.ts";
import { copiedText, selectedWords } from "./copiedText.ts";
import { measureText } from "./measureText.ts";
import { useWordKeys } from "./useWordKeys.ts";
import { otherReading, WordDetails } from "./WordDetails.tsx";
import { type PlacedWord, placeWords } from "./wordLayout.ts";
import type { IsMatch } from "./wordMatcher.ts";
import "./WordLayer.css";

/** A dense page has about 1,500 words; beyond this it is damage, and would only make the page slow. */
const maxWords = 6_000;

interface Props {
  readonly page: PageAnswer;
  readonly words: readonly Word[];
  readonly isMarking: boolean;
  readonly isMatch: IsMatch | null;
  readonly hasPicture: boolean;
}

/** The words of a page where they are printed: to select, to copy, and to ask how certain they are. */
export function WordLayer({ page, words, isMarking, isMatch, hasPicture }: Props) {
  const layer = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => words.slice(0, maxWords), [words]);
  const placed = useMemo(() => placeWords(shown, page, measureText), [shown, page]);
  const [asked, setAsked] = useState<PlacedWord | null>(null);
  const keys = useWordKeys(placed, layer, setAsked);
  useEffect(() => (layer.current === null ? undefined : keepSelectionSteady(layer.current)), []);

  function onCopy(event: ClipboardEvent): void {
    const selection = document.getSelection();
    const elements = layer.current?.getElementsByClassName("word");
    if (selection === null || selection.rangeCount === 0 || elements === undefined) {
      return;
    }
    const text = copiedText(selectedWords(selection.getRangeAt(0), elements, shown));
    if (text !== "") {
      event.clipboardData.setData("text/plain", text);
      event.preventDefault();
    }
  }

  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for the fields of a form */}
      <div
        ref={layer}
        className={`word-layer${hasPicture ? "" : " word-layer-bare"}`}
        role="group"
        aria-label={`Words of page ${page.pageNumber}; the arrow keys lead from word to word`}
        onCopy={onCopy}
        onKeyDown={keys.onKeyDown}
        onFocus={(event) => keys.onFocus(indexOf(event.target) ?? 0)}
        onClick={(event) => {
          const index = indexOf(event.target);
          const hasSelected = document.getSelection()?.isCollapsed === false;
          setAsked(index === null || hasSelected ? null : (placed[index] ?? null));
        }}
      >
        {placed.map((place, index) => (
          // biome-ignore lint/a11y/useSemanticElements: the text of a real button cannot be selected
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: the words of a page never change their order
            key={index}
            data-index={index}
            role="button"
            tabIndex={index === keys.reachable ? 0 : -1}
            title={place.word.alternative === undefined ? undefined : otherReading(place.word.alternative)}
            className={wordClasses(place.word, isMarking, isMatch)}
            style={{
              left: `${place.leftPercent}%`,
              top: `${place.topPercent}%`,
              height: `${place.heightPercent}%`,
              fontSize: `${place.fontSizePercent}cqw`,
              transform: `rotate(${place.angleDegrees}deg) scaleX(${place.stretch})`,
            }}
          >
            {place.word.text}
          </span>
        ))}
      </div>
      <WordDetails asked={asked} />
    </>
  );
}

function wordClasses(word: Word, isMarking: boolean, isMatch: IsMatch | null): string {
  const isUncertain = isMarking && word.uncertain;
  return `word${isUncertain ? " word-uncertain" : ""}${isMatch?.(word.text) ? " word-match" : ""}`;
}

function indexOf(target: EventTarget): number | null {
  const index = target instanceof HTMLElement ? target.dataset.index : undefined;
  return index === undefined ? null : Number(index);
}
