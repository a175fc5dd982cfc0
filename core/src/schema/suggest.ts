import { closest, distance } from "fastest-levenshtein";

/** `Did you mean "x"?` for the candidate that `word` is likely a misspelling of, if there is one. */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const best = closest(plain(word), candidates.map(plain));
  const candidate = candidates.find((each) => plain(each) === best);
  // A third of the letters may differ, so that unrelated words are not suggested.
  if (candidate === undefined || distance(plain(word), best) > Math.max(1, word.length / 3)) return undefined;
  return `Did you mean ${JSON.stringify(candidate)}?`;
}

// So that camelCase and kebab-case find their snake_case.
function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[_-]/g, "");
}
