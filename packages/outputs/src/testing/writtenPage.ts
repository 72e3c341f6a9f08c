import { type Box, failedPage, type PageResult, readingSpace, type Word } from "@quire/core";

/** How a page is written: its size in pixels of the box space at `dpi`, and how the writing lies on it. */
export interface Writing {
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
  readonly orientation: PageResult["orientation"];
  readonly skew: number;
}

/** In pixels: the size of what is written, and where it begins. */
const letter = { width: 14, height: 30 };
const blankWidth = 15;
const lineDistance = 80;
const firstWord = { x: 120, y: 160 };

/** The result of a page with these lines on it, as the engine would find them: for tests. */
export function writtenPage(lines: readonly string[], writing: Writing, pageNumber = 1): PageResult {
  const words: Word[] = [];
  lines.forEach((line, lineNumber) => {
    let x = firstWord.x;
    for (const text of line.split(" ")) {
      const width = [...text].length * letter.width;
      const y = firstWord.y + lineNumber * lineDistance;
      const box = boxOf({ x, y, width, height: letter.height }, writing);
      words.push({ text, confidence: 95, uncertain: false, box, line: lineNumber, block: 0 });
      x += width + blankWidth;
    }
  });
  return {
    ...failedPage(pageNumber, { code: "page_unreadable", message: "" }),
    ...writing,
    outcome: "recognized",
    text: lines.join("\n"),
    words,
    meanConfidence: 95,
    languages: ["eng"],
    error: null,
  };
}

/** The box, in box space, around a rectangle that lies straight on the page once it is read upright. */
function boxOf(rectangle: Box, writing: Writing): Box {
  const upright = readingSpace({ ...writing });
  const skew = (writing.skew * Math.PI) / 180;
  const [cos, sin] = [Math.cos(skew), Math.sin(skew)];
  // Turned about the middle of the page, as a scanner's feed turns it.
  const x = rectangle.x + rectangle.width / 2 - upright.width / 2;
  const y = rectangle.y + rectangle.height / 2 - upright.height / 2;
  const [turnedX, turnedY] = [x * cos - y * sin, x * sin + y * cos];
  const width = rectangle.width * cos + rectangle.height * Math.abs(sin);
  const height = rectangle.width * Math.abs(sin) + rectangle.height * cos;
  // Back from how it is read to how it lies: counter-clockwise by the orientation.
  const [acrossX, acrossY] = {
    0: [turnedX, turnedY],
    90: [turnedY, -turnedX],
    180: [-turnedX, -turnedY],
    270: [-turnedY, turnedX],
  }[writing.orientation] as [number, number];
  const onItsSide = writing.orientation % 180 !== 0;
  const [boxWidth, boxHeight] = onItsSide ? [height, width] : [width, height];
  return {
    x: writing.width / 2 + acrossX - boxWidth / 2,
    y: writing.height / 2 + acrossY - boxHeight / 2,
    width: boxWidth,
    height: boxHeight,
  };
}
