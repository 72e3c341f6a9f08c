/** Units that laboratory and clinical documents print, as far as a recogniser takes one of their letters for another. */
const units = new Set(
  (
    "mmol/l mmol/L µmol/l µmol/L umol/L nmol/l nmol/L pmol/l pmol/L mol/l mol/L g/l g/L g/dl g/dL mg/l mg/L mg/dl mg/dL " +
    "µg/l µg/L ug/L µg/dl µg/dL ng/l ng/L ng/ml ng/mL pg/ml pg/mL U/l U/L IU/l IU/L IU/ml IU/mL mU/l mU/L mIU/l mIU/L " +
    "mEq/l mEq/L meq/l meq/L ml/min mL/min ml/h mL/h l/min L/min mg/kg µg/kg ml/kg mL/kg /µl /µL fl fL pl pL dl dL"
  ).split(" "),
);
/** A word that may be such a unit: letters, a slash, and what follows it. */
const unitLike = /^[\p{L}µ]{0,5}\/\S{0,6}$|^[gmµu]?g[li]$/u;
const endPunctuation = /[.,;:)]+$/u;

export function mayBeUnit(text: string): boolean {
  return unitLike.test(text);
}

/** Whether a word is a unit as documents print it. */
export function isUnit(text: string): boolean {
  return units.has(text.replaceAll("μ", "µ").replace(endPunctuation, ""));
}
