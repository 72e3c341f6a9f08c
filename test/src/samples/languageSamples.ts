import sharp from "sharp";
import { encodeBilevelTiff } from "./bilevelTiff.ts";
import type { GreyImage } from "./greyImage.ts";

const dpi = 200;
const pixels = { width: 1_500, height: 900, margin: 100, line: 52, font: 32 };
/** Of the fonts that draw samples, the one that has Cyrillic everywhere. */
const family = "DejaVu Sans, Liberation Sans, Arial, sans-serif";

const english = `The patient was admitted on Monday with shortness of breath
and a cough that had lasted for three weeks. There was no
fever, and the blood pressure was normal. An examination of
the chest showed nothing unusual, but the laboratory found a
raised white cell count. We advise rest, plenty of fluids and
another appointment within ten days. Should the symptoms
return, please call the practice at once.`;

const french = `La patiente a été hospitalisée lundi à cause d'une toux qui
durait depuis trois semaines et d'un essoufflement à l'effort.
Il n'y avait pas de fièvre et la tension artérielle était
normale. L'examen du thorax n'a révélé aucune anomalie, mais
le laboratoire a constaté une élévation des globules blancs.
Nous conseillons le repos, beaucoup d'eau et un nouveau
rendez-vous dans les dix jours, ou plus tôt si nécessaire.`;

const russian = `Пациентка поступила в понедельник с одышкой и кашлем,
который продолжался три недели. Температура была
нормальной, давление тоже. Осмотр грудной клетки не
показал ничего необычного, однако лаборатория
обнаружила повышенное число лейкоцитов. Мы советуем
покой, обильное питьё и повторный приём в течение
десяти дней. Если симптомы вернутся, позвоните врачу.`;

/** Pages in several languages, to choose models by. */
export async function languageSamples(): Promise<{ file: string; data: Uint8Array }[]> {
  const across = { across: dpi, down: dpi };
  const [inEnglish, inFrench, inRussian] = await Promise.all([english, french, russian].map(draw));
  return [
    {
      file: "letters.tif",
      data: await encodeBilevelTiff([inEnglish, inFrench] as GreyImage[], across),
    },
    { file: "french.tif", data: await encodeBilevelTiff([inFrench as GreyImage], across) },
    { file: "russian.tif", data: await encodeBilevelTiff([inRussian as GreyImage], across) },
  ];
}

async function draw(text: string): Promise<GreyImage> {
  const { width, height, margin, line, font } = pixels;
  const lines = text
    .split("\n")
    .map((each, index) => `<text x="${margin}" y="${margin + (index + 1) * line}">${each}</text>`);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${family}" ` +
    `font-size="${font}"><rect width="100%" height="100%" fill="#fff"/>${lines.join("")}</svg>`;
  const data = await sharp(Buffer.from(svg))
    .flatten({ background: "#ffffff" })
    .toColourspace("b-w")
    .extractChannel(0)
    .raw()
    .toBuffer();
  return { width, height, pixels: data };
}
