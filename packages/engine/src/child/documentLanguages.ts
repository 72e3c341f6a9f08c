import { automaticLanguage, QuireError } from "@quire/core";
import { chooseLanguages, type LanguageTrial, type Sample } from "../recognise/languages/chooseLanguages.ts";
import { usualFirst } from "../recognise/languages/usualFirst.ts";
import { findModel } from "../recognise/models.ts";
import type { OcrModel } from "../recognise/ocrMessages.ts";
import { numbersToSample } from "./numbersToSample.ts";

/** So many pages are a sample of a document. */
const mostSamples = 3;

/** A page that is about to be recognised, and what languages for it can be chosen by. */
export interface LanguageSeeker extends LanguageTrial {
  readonly pageCount: number;
  /** Only by the page itself: others are not to be touched on its account. */
  readonly alone: boolean;
  /** A strip of the page itself; null where hardly anything is written on it. */
  readonly ownSample: () => Sample | null;
  /** A strip of another page of the document; null if it needs no recognition, or cannot be read. */
  sample(pageNumber: number): Promise<Sample | null>;
  /** The page waits while another one is used to choose the document's languages. */
  onWaiting(): void;
  /** They were chosen for the document. */
  onChosen(languages: readonly string[]): void;
}

/** The languages that a document's pages are recognised in: those it is said to be in, or those that suit it. */
export class DocumentLanguages {
  readonly #candidates: readonly string[];
  /** Where the model of each candidate lies: looked up once, for every page asks. */
  readonly #paths: ReadonlyMap<string, string>;
  readonly #fixed: boolean;
  #choosing: Promise<readonly string[] | null> | undefined;

  /**
   * @param languages names of models, or `auto` alone: of those `installed`
   * @throws QuireError `language_missing`
   */
  constructor(languages: readonly string[], installed: readonly string[], tessdataDir: string | null) {
    const automatic = languages[0] === automaticLanguage;
    this.#candidates = automatic ? usualFirst(installed) : languages;
    this.#fixed = !automatic || this.#candidates.length === 1;
    if (this.#candidates.length === 0)
      throw new QuireError("language_missing", "No language is installed. See: npx quire languages");
    this.#paths = new Map(this.#candidates.map((name) => [name, findModel(name, tessdataDir)]));
  }

  /** What the threads are started with: the languages, or the first of those that may be chosen. */
  get first(): OcrModel {
    return this.model(this.#fixed ? this.#candidates : this.#candidates.slice(0, 1));
  }

  model(languages: readonly string[]): OcrModel {
    return { languages, modelPaths: languages.map((name) => this.#paths.get(name) as string) };
  }

  /**
   * Those for a page. They are chosen once for the document, by a few of its first pages, which are the same whichever
   * page comes first; for a page of a document that shows none there, and one that is read alone, by itself.
   */
  async suiting(seeker: LanguageSeeker): Promise<OcrModel> {
    if (this.#fixed) return this.first;
    if (this.#choosing) seeker.onWaiting();
    else if (!seeker.alone) this.#choosing = this.#choose(seeker);
    const chosen = (await this.#choosing) ?? (await this.#chooseBy(own(seeker), seeker));
    return this.model(chosen);
  }

  /** By a sample of the document; null if its first pages have none. */
  async #choose(seeker: LanguageSeeker): Promise<readonly string[] | null> {
    const samples: Sample[] = [];
    for (const number of numbersToSample(seeker.pageCount)) {
      const sample = await seeker.sample(number);
      if (sample) samples.push(sample);
      if (samples.length === mostSamples) break;
    }
    if (samples.length === 0) return null;
    const chosen = await this.#chooseBy(samples, seeker);
    seeker.onChosen(chosen);
    return chosen;
  }

  #chooseBy(samples: readonly Sample[], seeker: LanguageSeeker): Promise<readonly string[]> {
    if (samples.length === 0) return Promise.resolve(this.#candidates.slice(0, 1));
    return chooseLanguages(samples, this.#candidates, seeker);
  }
}

function own(seeker: LanguageSeeker): Sample[] {
  const sample = seeker.ownSample();
  return sample ? [sample] : [];
}
