/** Typefaces of a sheet: each renderer has its own font for it. */
export type Face = "sans" | "sansBold" | "serif" | "serifBold" | "mono";

/** What is to be seen on a sheet, in points from the top left corner; `grey` is 0 black to 255 white. */
export type Mark =
  | ({
      readonly kind: "text";
      readonly x: number;
      readonly baseline: number;
      readonly size: number;
    } & Writing)
  | ({ readonly kind: "bar"; readonly x: number; readonly y: number; readonly width: number } & Shade)
  | { readonly kind: "rule"; readonly from: Point; readonly to: Point };

interface Writing {
  readonly face: Face;
  readonly grey: number;
  readonly text: string;
}

interface Shade {
  readonly height: number;
  readonly grey: number;
}

type Point = readonly [x: number, y: number];

/** A page before it becomes a PDF page or a picture, with the text a reader should get from it. */
export interface Sheet {
  readonly widthPoints: number;
  readonly heightPoints: number;
  readonly marks: readonly Mark[];
  readonly truth: string;
}

/** A4, in points. */
export const a4 = { widthPoints: 595, heightPoints: 842 } as const;

export const blankSheet: Sheet = { ...a4, marks: [], truth: "" };

/** The truth of a document: a form feed between pages, each line ended, as Quire writes text. */
export function truthOf(sheets: readonly Sheet[]): string {
  return sheets.map(({ truth }) => (truth === "" ? "" : `${truth}\n`)).join("\f");
}
