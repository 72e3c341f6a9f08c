import { useMemo } from "react";
import type { PageWithWordsAnswer } from "../api/answers.ts";
import { sourceWords, warningSentences } from "../wording/outcomes.ts";
import { counted } from "../wording/sizes.ts";
import { CopyButton } from "./CopyButton.tsx";
import { type TextSegment, textSegments } from "./textSegments.ts";
import { otherReading } from "./WordDetails.tsx";
import type { IsMatch } from "./wordMatcher.ts";
import "./PageText.css";

interface Props {
  readonly page: PageWithWordsAnswer;
  readonly isMarking: boolean;
  readonly isMatch: IsMatch | null;
}

/** The text of a page, with the marks of its picture. */
export function PageText({ page, isMarking, isMatch }: Props) {
  const segments = useMemo(
    () => textSegments(page.text, page.words, isMarking, isMatch),
    [page, isMarking, isMatch],
  );
  const uncertainCount = page.words.filter(({ uncertain }) => uncertain).length;
  return (
    <section className="page-text" aria-labelledby="text-heading">
      <div className="page-text-heading">
        <h3 id="text-heading">Text</h3>
        <CopyButton text={page.text} />
      </div>
      <p className="muted small">
        {[
          sourceWords(page),
          uncertainCount > 0 ? `${counted(uncertainCount, "word is", "words are")} uncertain` : "",
        ]
          .filter((words) => words !== "")
          .join(" · ")}
      </p>
      {warningSentences(page).map((sentence) => (
        <p key={sentence} className="small">
          {sentence}
        </p>
      ))}
      <div className="page-text-body">
        {segments.map((segment, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change their order
          <Segment key={index} segment={segment} />
        ))}
      </div>
    </section>
  );
}

function Segment({ segment }: { readonly segment: TextSegment }) {
  const title = segment.alternative === undefined ? undefined : otherReading(segment.alternative);
  if (segment.isMatch) {
    return (
      <mark className={segment.isUncertain ? "uncertain-word" : ""} title={title}>
        {segment.text}
      </mark>
    );
  }
  return segment.isUncertain ? (
    <span className="uncertain-word" title={title}>
      {segment.text}
    </span>
  ) : (
    segment.text
  );
}
