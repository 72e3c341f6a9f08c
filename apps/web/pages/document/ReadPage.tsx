import type { PageAnswer } from "../api/answers.ts";
import { ProblemNote } from "../parts/ProblemNote.tsx";
import { PagePicture } from "./PagePicture.tsx";
import { PageText } from "./PageText.tsx";
import { usePage } from "./usePage.ts";
import { wordMatcher } from "./wordMatcher.ts";

interface Props {
  readonly id: string;
  readonly page: PageAnswer;
  readonly hasNext: boolean;
  readonly query: string;
  readonly isMarking: boolean;
}

/** A page that was read: its picture with the words over it, and its text beside it. */
export function ReadPage({ id, page, hasNext, query, isMarking }: Props) {
  const { data, error, refetch } = usePage(id, page, hasNext);
  const isMatch = wordMatcher(query);
  return (
    <div className="read-page">
      <PagePicture page={page} words={data?.words ?? []} isMarking={isMarking} isMatch={isMatch} />
      {data === undefined ? (
        error === null ? (
          <p className="muted">Fetching the text…</p>
        ) : (
          <ProblemNote title="The text cannot be shown." error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <PageText page={data} isMarking={isMarking} isMatch={isMatch} />
      )}
    </div>
  );
}
