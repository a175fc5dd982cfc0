/** A text that a shell would change. */
export const AWKWARD = "two  words, a 'quote', a \"quote\", $HOME, `id`, $(id), a \\ and a ; # é";

/** A variable of the test's own process, which nothing inside a unit may see. */
export const CANARY = "CONFORMANCE_CANARY";
