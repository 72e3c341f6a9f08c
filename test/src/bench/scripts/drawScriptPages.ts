import { join } from "node:path";
import sharp from "sharp";
import { type GreyImage, openGrey } from "../../samples/greyImage.ts";
import { type SeededNoise, seededNoise } from "../../samples/seededNoise.ts";
import { type ForeignScript, foreignScripts, languages } from "./sentences.ts";

/** A4, in inches. */
const paper = { width: 8.27, height: 11.69 };
const marginInches = 0.8;
const resolutions = [150, 200, 300] as const;
const fontSizes = [9, 10, 11, 12, 14] as const;
const minSentences = 8;
const maxSentences = 22;
const paperLevel = 250;

export interface ScriptPage {
  readonly script: ForeignScript;
  readonly path: string;
  /** The Tesseract models that read it. */
  readonly models: RegExp;
}

/**
 * Draws pages of text in a script as scans: fonts, sizes, resolutions, blur and noise change from page to page, and are
 * the same in every run with the same fonts.
 */
export async function drawScriptPages(
  script: ForeignScript,
  { fonts, count, folder }: { fonts: readonly string[]; count: number; folder: string },
): Promise<ScriptPage[]> {
  const spoken = languages.filter((language) => language.script === script);
  const pages: ScriptPage[] = [];
  for (let index = 0; index < count; index++) {
    const noise = seededNoise(1_000 * foreignScripts.indexOf(script) + index);
    const language = spoken[index % spoken.length];
    const font = fonts[Math.floor(index / spoken.length) % fonts.length];
    if (!language || !font) throw new Error("there is no language or no font");
    const dpi = resolutions[index % resolutions.length] as number;
    const size = fontSizes[Math.floor(noise.even() * fontSizes.length)] as number;
    const text = paragraphs(language.sentences, noise);
    const path = join(folder, `${script}-${index + 1}.png`);
    const drawn = await draw(text, { font: `${font} ${size}`, dpi });
    const scan = openGrey(await wear(drawn, noise));
    await scan.withMetadata({ density: dpi }).png({ compressionLevel: 3 }).toFile(path);
    pages.push({ script, path, models: language.models });
  }
  return pages;
}

/** Sentences in a random order, three to five a paragraph. */
function paragraphs(sentences: readonly string[], noise: SeededNoise): string {
  const count = minSentences + Math.floor(noise.even() * (maxSentences - minSentences));
  let text = "";
  let left = 3;
  for (let index = 0; index < count; index++) {
    text += sentences[Math.floor(noise.even() * sentences.length)];
    left--;
    text += left > 0 ? " " : "\n\n";
    if (left === 0) left = 3 + Math.floor(noise.even() * 3);
  }
  return text.trim();
}

async function draw(text: string, { font, dpi }: { font: string; dpi: number }): Promise<GreyImage> {
  const [width, height, margin] = [paper.width, paper.height, marginInches].map((inches) =>
    Math.round(inches * dpi),
  );
  if (!width || !height || !margin) throw new Error("the page has no size");
  const block = { text, font, dpi, width: width - 2 * margin, wrap: "word-char", rgba: true } as const;
  const written = await sharp({ text: block }).png().toBuffer();
  const { height: textHeight = 0 } = await sharp(written).metadata();
  const pageHeight = Math.max(height, textHeight + 2 * margin);
  const blank = { width, height: pageHeight, channels: 3, background: "#ffffff" } as const;
  const { data, info } = await sharp({ create: blank })
    .composite([{ input: written, left: margin, top: margin }])
    .toColourspace("b-w")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: data };
}

/** What a copier and a scanner do: a little blur, greyer ink, noise. */
async function wear(image: GreyImage, noise: SeededNoise): Promise<GreyImage> {
  const blur = 0.4 + 0.5 * noise.even();
  const strength = 3 + 5 * noise.even();
  const inkLevel = 10 + 40 * noise.even();
  const soft = await openGrey(image).blur(blur).raw().toBuffer();
  const pixels = new Uint8ClampedArray(soft.length);
  for (const [index, level] of soft.entries())
    pixels[index] = inkLevel + (level / 255) * (paperLevel - inkLevel) + noise.normal() * strength;
  return { ...image, pixels: new Uint8Array(pixels.buffer) };
}
