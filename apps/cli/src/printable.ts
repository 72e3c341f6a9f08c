/** A name as a terminal may show it: control characters would be obeyed, not shown. */
export function printable(name: string): string {
  return name.replaceAll(/\p{Cc}/gu, "?");
}
