/**
 * Solves a system of linear equations by Gaussian elimination with partial pivoting.
 *
 * @throws Error if the matrix is singular
 */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const size = right.length;
  const rows = matrix.map((row, index) => [...row, right[index] as number]);
  const at = (row: number, column: number) => rows[row]?.[column] as number;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(at(row, column)) > Math.abs(at(pivot, column))) pivot = row;
    if (at(pivot, column) === 0) throw new Error("The matrix is singular: a feature says what others say.");
    [rows[column], rows[pivot]] = [rows[pivot] as number[], rows[column] as number[]];
    for (let row = column + 1; row < size; row++) {
      const factor = at(row, column) / at(column, column);
      const line = rows[row] as number[];
      for (let index = column; index <= size; index++)
        line[index] = at(row, index) - factor * at(column, index);
    }
  }
  const result = new Array<number>(size).fill(0);
  for (let row = size - 1; row >= 0; row--) {
    let sum = at(row, size);
    for (let column = row + 1; column < size; column++) sum -= at(row, column) * (result[column] as number);
    result[row] = sum / at(row, row);
  }
  return result;
}
