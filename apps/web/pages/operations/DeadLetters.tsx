import { Link } from "react-router";
import type { DocumentAnswer } from "../api/answers.ts";
import { Note } from "../parts/Note.tsx";
import { ProblemNote } from "../parts/ProblemNote.tsx";
import { Table } from "../parts/Table.tsx";
import { moment } from "../wording/times.ts";
import { useRedrive } from "./useRedrive.ts";

/** Failed documents, with a button to try them again. */
export function DeadLetters({ documents }: { readonly documents: readonly DocumentAnswer[] }) {
  const { redrive, isBusy, error } = useRedrive();
  return (
    <section className="operations-section" aria-labelledby="dead-heading">
      <div className="operations-section-heading">
        <h2 id="dead-heading">Failed documents</h2>
        {documents.length > 1 ? (
          <button
            type="button"
            className="button"
            disabled={isBusy}
            onClick={() => redrive(documents.map(({ id }) => id))}
          >
            Try all of them again
          </button>
        ) : null}
      </div>
      {error === null ? null : <ProblemNote title="Not all documents could be queued." error={error} />}
      {documents.length === 0 ? (
        <Note title="None." />
      ) : (
        <Table caption="Failed documents" columns={["Document", "Why", "Since", "Again"]}>
          {documents.map((document) => (
            <tr key={document.id}>
              <th scope="row">
                <Link to={`/documents/${document.id}`}>{document.filename}</Link>
              </th>
              <td>{document.error === null ? "–" : `${document.error.code}: ${document.error.message}`}</td>
              <td className="figure">{document.finishedAt === null ? "–" : moment(document.finishedAt)}</td>
              <td>
                <button
                  type="button"
                  className="button"
                  aria-label={`Try again: ${document.filename}`}
                  disabled={isBusy}
                  onClick={() => redrive([document.id])}
                >
                  Try again
                </button>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
