/** Tesseract's language names: three letters and perhaps a variant (`chi_sim`). Never a path, and not `osd`, which reads nothing. */
export const languageName = /^(?!osd$)[a-z]{3}(_[a-z]+)*$/i;
