import { PdfDamage } from "../syntax/values.ts";
import { type Operator, operatorsOf } from "./operators.ts";

/** What a content stream's names stand for. */
export interface Names {
  /** Whether a font's characters are drawn whatever the rendering mode: those of Type 3 are (ISO 32000-1, 9.3.6). */
  isAlwaysDrawn(font: string): Promise<boolean>;
  /** Whether an external object has hidden text and shows nothing. @param mode of rendering in which it begins */
  showsNothing(name: string, mode: number): Promise<boolean>;
}

/** A content stream without its hidden text. */
export interface Stripped {
  /** Null where there is none that can be taken out. */
  readonly content: Buffer | null;
  /** Whether anything that is left is drawn. */
  readonly isDrawn: boolean;
}

/** Of the text rendering modes the one that paints nothing and clips nothing (ISO 32000-1, 9.3.6). */
const invisible = 3;
const noMode = 0;
/** Deeper nesting is an attack: ISO 32000-1 has 28 (table C.1). */
const mostSaved = 1_000;
const textShowing = new Set(["Tj", "TJ", "'", '"']);
const painting = new Set(["f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh"]);

/** The part of the graphics state that tells whether text is seen. The font is null where it is not known. */
interface TextState {
  readonly mode: number;
  readonly font: string | null;
}

/** Bytes of the stream, and what comes in their place. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/**
 * Takes text out of a content stream that nobody sees: what shows it in rendering mode 3. All else stays byte for byte,
 * so that the page looks as before: a text object in which some text is seen is left alone, for where that stands
 * depends on the other.
 *
 * @param mode of text rendering in which the stream begins
 * @throws PdfDamage where the stream is broken, or has pictures in it: they cannot be told from operators safely
 */
export async function dropHiddenText(content: Buffer, names: Names, mode = noMode): Promise<Stripped> {
  const edits: Edit[] = [];
  const saved: TextState[] = [];
  let state: TextState = { mode, font: null };
  /** Of the text object that is open; null once some of its text is seen, and outside. */
  let pending: Edit[] | null = null;
  let isDrawn = false;

  for (const operator of operatorsOf(content)) {
    const { word, name, numbers } = operator;
    if (word === "q") {
      if (saved.length === mostSaved) throw new PdfDamage("graphics states are nested too deep");
      saved.push(state);
    } else if (word === "Q") state = saved.pop() ?? state;
    else if (word === "Tr") state = { ...state, mode: numbers[0] ?? noMode };
    else if (word === "Tf") state = { ...state, font: name };
    // It can set a font.
    else if (word === "gs") state = { ...state, font: null };
    else if (word === "BT") pending = [];
    else if (word === "ET") {
      edits.push(...(pending ?? []));
      pending = null;
    } else if (textShowing.has(word)) {
      const { font } = state;
      const isHidden = state.mode === invisible && font !== null && !(await names.isAlwaysDrawn(font));
      if (isHidden) pending?.push(edit(operator, lineStep(operator)));
      if (!isHidden || pending === null) {
        pending = null;
        isDrawn = true;
      }
    } else if (word === "Do") {
      if (await names.showsNothing(name, state.mode)) edits.push(edit(operator, ""));
      else isDrawn = true;
    } else if (painting.has(word)) isDrawn = true;
    else if (word === "BI") throw new PdfDamage("a content stream has a picture in it");
  }
  return { content: edits.length === 0 ? null : edited(content, edits), isDrawn };
}

/** What is left of an operator that shows text: `'` and `"` also begin a line, and the latter sets its spacing (9.4.3). */
function lineStep({ word, numbers: [wordSpacing = 0, characterSpacing = 0] }: Operator): string {
  if (word === "'") return "T*";
  return word === '"' ? `${wordSpacing} Tw ${characterSpacing} Tc T*` : "";
}

/** Blanks on both sides: brackets may have been all that stood between two words. */
function edit({ start, end }: Operator, replacement: string): Edit {
  return { start, end, replacement: ` ${replacement} ` };
}

function edited(content: Buffer, edits: readonly Edit[]): Buffer {
  const parts: Buffer[] = [];
  let position = 0;
  for (const { start, end, replacement } of edits.toSorted((one, other) => one.start - other.start)) {
    parts.push(content.subarray(position, start), Buffer.from(replacement));
    position = end;
  }
  return Buffer.concat([...parts, content.subarray(position)]);
}
