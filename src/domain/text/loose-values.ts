/** `password -> x`, `| password | x |` and "the password is x": much else is written so, so that the value decides. */
export const looseSeparator =
  /["'`]?(?:(?:[ \t]{5,60}|[ \t]{0,4})(?:->|→|\|)|[ \t]{1,4}(?:is|was)(?:[ \t]{1,4}now)?:?(?=[ \t]))[ \t]{0,60}/g;

const secretLike = /^(?=.{0,200}[A-Za-z])(?=.{0,200}[0-9!#$%&*+=^~]).{8,}$/s;

/** Letters and digits that are no secret: an address of a chain, a moment, a reference, a program, a call, and several words. */
const otherwise =
  /^(?:0x[0-9a-f]{40}\b|\d{4}-\d{2}-\d{2}|(?:env|file|vault|secret|arn|https?):|[$<({[]|(?:base|sha|md|b2s)\d|[\w-]+\/)|[(<\s]/i;

/** Names of objects of Kubernetes; what they name may be called `secret` or `token`. */
const objectName = /^[a-z][a-z0-9]*(?:[-.][a-z0-9]+)+$/;

/** Is this the secret itself, where a loose separator stands between it and its name? It is no word and no name of something. */
export function isSecretLike(name: string, value: string): boolean {
  const bare = value.replace(/[.,;:!?]{1,20}$/, "");
  if (!secretLike.test(bare) || otherwise.test(bare)) return false;
  return !(/(?:secret|token|key|credential)s?$/i.test(name) && objectName.test(bare));
}

/** `fetch token: pod not found`: the sentence of another program about an object, sticky where a value would begin. */
export const toldOfObject =
  /[a-z]{2,40} (?:\\?["'][\w./-]{1,253}\\?["'] )?(?:(?:was )?not found|is forbidden|does not exist|already exists)/y;
