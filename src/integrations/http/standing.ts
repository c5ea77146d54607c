import { numberOf } from "../../domain/systems/exact.ts";

/** What says of a change that it is not done: words, and flags that hold true only where it is. */
interface Against {
  /** At the beginning of what a field for words says, or the name of a field. */
  readonly word: RegExp;
  readonly flag?: RegExp;
  /** Whether a field for errors counts that holds any. */
  readonly errors?: true;
}

const wrong =
  "err(?:or(?:ed)?)?|fail(?:ed|ing|ures?)?|reject(?:ed|ions?)?|refus(?:ed|als?)|denied|declined|invalid|forbidden|unauthori[sz]ed|timed?[ _-]?out|unknown|not[ _-][a-z]+|notfound";
const underWay =
  "pending|queued|enqueued|waiting|scheduled|deferred|delayed|accepted|received|submitted|(?:in[ _-]?)?progress|processing|executing|running|start(?:ed|ing)|retrying|partial(?:ly)?";
const nothing = "none|missing|absent|cancell?ed|aborted|expired|skipped|ignored|lost";

function words(...each: readonly string[]): RegExp {
  return new RegExp(`^(?:${each.join("|")})(?![a-z])`, "i");
}

/** What the answer to a change says where the target did not take it: one that it took may be under way, or a cancelling. */
const refusing: Against = {
  word: words(wrong),
  flag: /^(?:is_?)?(?:ok|success(?:ful)?|succeeded|accepted)$/i,
  errors: true,
};
/** What a look-up says of a change that is not done, or not yet. */
const undone: Against = {
  word: words(wrong, underWay, nothing),
  flag: /^(?:is_?)?(?:ok|success(?:ful)?|succeeded|accepted|found|exists|done|completed?|finished|executed|applied|processed|confirmed)$/i,
  errors: true,
};
/** What belies that it never arrived. */
const arrived: Against = { word: words(underWay, "done|ok|completed?|finished|executed|applied|success(?:ful)?") };

const wordField = /^(?:status|state|result|outcome|phase|status_?code)$/i;
const errorField = /^(?:errors?|failures?|failed|rejected)$/i;
const noError = /^(?:no|none|null|ok|0|-)?$/i;
/** What stands beside the key in an envelope and may hold how it is, where the key stands in another part of it. */
const envelopePart =
  /^(?:data|result|response|answer|body|payload|operation|status|state|outcome|attributes|details?|meta)$/i;

/** How far into an object it is looked: its own fields, what it nests, or lists in it, too. */
type Depth = "fields" | "objects" | "all";

/** What the answer to a change says against its having been taken; undefined for nothing. */
export function refusalWithin(document: unknown): string | undefined {
  return saidIn(document, refusing, "objects");
}

/** What a look-up says of a key: whether it names it at all, and what it says against what its status tells. */
export interface ToldOfKey {
  readonly isNamed: boolean;
  readonly against: string | undefined;
}

/**
 * What a document says of the key, `toldAs` what its status tells. The key stands in it as a text of its own, or is what a part
 * is filed under. What the object says that names it counts, with all that it holds, and so does what every object around it
 * says of itself; what others of a list or map say does not.
 */
export function toldOfKey(document: unknown, key: string, toldAs: "done" | "never"): ToldOfKey {
  const against = toldAs === "done" ? undone : arrived;
  const namings = namingsIn(document, key, { around: [], names: [] });
  const said = namings.map((naming) => saidOf(naming, against)).find((each) => each !== undefined);
  return { isNamed: namings.length > 0, against: said };
}

/** Where a key stands. */
interface Place {
  /** The objects around it, the outermost first, and the names of the fields that lead to it. */
  readonly around: readonly object[];
  readonly names: readonly string[];
}

interface Naming extends Place {
  /** What is about the key: the object that names it, or what is filed under it. */
  readonly own: unknown;
  /** By which field the key is named; undefined where it files something. */
  readonly field?: string;
}

/** Whoever repeats the headers of the question echoes the key and knows nothing. */
function namingsIn(document: unknown, key: string, at: Place): readonly Naming[] {
  if (document === key) return [{ ...at, own: undefined }];
  if (typeof document !== "object" || document === null) return [];
  if (Array.isArray(document)) return document.flatMap((each) => namingsIn(each, key, at));
  const around = [...at.around, document];
  return Object.entries(document).flatMap(([name, value]: [string, unknown]) => {
    if (/^headers$/i.test(name)) return [];
    const names = [...at.names, name];
    if (value === key) return [{ around: at.around, names, own: document, field: name }];
    const filed = name === key ? [{ around, names: at.names, own: value ?? false }] : [];
    return [...filed, ...namingsIn(value, key, { around, names })];
  });
}

function saidOf({ around, names, own, field }: Naming, against: Against): string | undefined {
  const filedAs = names.find((name) => isWord(name, against));
  if (filedAs !== undefined) return JSON.stringify(filedAs);
  const parts = around.flatMap((each) => Object.entries(each).filter(([name]) => envelopePart.test(name)));
  return [
    saidIn(own, against, "all"),
    ...around.map((each) => saidIn(each, against, "fields")),
    ...parts.filter(([, part]) => !isAnothers(part, field, own)).map(([, part]) => saidIn(part, against, "objects")),
  ].find((each) => each !== undefined);
}

/** Does it name something else by the field by which the key is named? */
function isAnothers(part: unknown, field: string | undefined, own: unknown): boolean {
  if (Array.isArray(part)) return true;
  return part !== own && field !== undefined && typeof part === "object" && part !== null && Object.hasOwn(part, field);
}

function saidIn(value: unknown, against: Against, depth: Depth): string | undefined {
  if (typeof value === "string") return wordIn(value, against);
  if (value === false) return against.flag && "false";
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value) && depth !== "all") return undefined;
  const entries = Array.isArray(value) ? value.map((each: unknown) => ["", each] as const) : Object.entries(value);
  return entries
    .map(([name, each]: readonly [string, unknown]) => saidBy(name, each, against, depth))
    .find((said) => said !== undefined);
}

function saidBy(name: string, value: unknown, against: Against, depth: Depth): string | undefined {
  const own = wordField.test(name) ? saidAsWord(value, against) : undefined;
  if (own !== undefined) return own;
  if (against.flag?.test(name) && isFalse(value)) return `${name}: false`;
  if (value === true && isWord(name, against)) return `${name}: true`;
  if (against.errors && errorField.test(name) && holdsAny(value)) return `that it has ${name}`;
  if (depth === "fields" || typeof value !== "object" || value === null) return undefined;
  return saidIn(value, against, depth);
}

function saidAsWord(value: unknown, against: Against): string | undefined {
  const word = typeof value === "string" ? wordIn(value, against) : undefined;
  if (word !== undefined) return word;
  if (against.flag === undefined) return undefined;
  const code = numberOf(value);
  if (code !== undefined && code >= 400 && code < 600) return String(code);
  return isFalse(value) ? "false" : undefined;
}

function isFalse(value: unknown): boolean {
  return value === false || value === "false";
}

function holdsAny(value: unknown): boolean {
  if (typeof value === "string") return !noError.test(value.trim());
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return value === true || (numberOf(value) ?? 0) > 0;
}

/** The word alone: whatever else the target says there may hold a secret. */
function wordIn(text: string, { word }: Against): string | undefined {
  const said = word.exec(text.trim())?.[0];
  return said === undefined ? undefined : JSON.stringify(said);
}

function isWord(name: string, { word }: Against): boolean {
  return word.exec(name)?.[0].length === name.length;
}
