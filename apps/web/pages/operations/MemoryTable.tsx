import type { MemoryAnswer, OperationsAnswer } from "../api/answers.ts";
import { Table } from "../parts/Table.tsx";
import { count, percent } from "../wording/sizes.ts";

interface Props {
  readonly memory: MemoryAnswer;
  readonly watermarks: OperationsAnswer["watermarks"];
}

/** The chart in figures, also for those who cannot see it. */
export function MemoryTable({ memory, watermarks }: Props) {
  const marks = [watermarks.elevated, watermarks.high, watermarks.critical];
  return (
    <details>
      <summary>The chart as a table</summary>
      <Table
        caption="Memory of each worker, in shares of its limit"
        columns={[
          "Worker",
          "Latest",
          "Lowest",
          "Highest",
          ...marks.map((mark) => `Samples from ${percent(mark)}`),
        ]}
      >
        {memory.workers
          .filter(({ samples }) => samples.length > 0)
          .map(({ id, samples }) => {
            const shares = samples.map(({ usedBytes, budgetBytes }) => usedBytes / budgetBytes);
            const ends = [shares.at(-1) ?? 0, Math.min(...shares), Math.max(...shares)];
            return (
              <tr key={id}>
                <th scope="row">{id}</th>
                {ends.map((share, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a row has always the same cells
                  <td key={index} className="figure">
                    {percent(share)}
                  </td>
                ))}
                {marks.map((mark) => (
                  <td key={mark} className="figure">
                    {count(shares.filter((share) => share >= mark).length)}
                  </td>
                ))}
              </tr>
            );
          })}
      </Table>
    </details>
  );
}
