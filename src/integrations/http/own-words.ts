import { numberOf } from "../../domain/systems/exact.ts";
import { describe } from "../../domain/systems/read-pointer.ts";

/** What an answer says against itself, in words; `unknown` where all it says is that it does not know. */
export type OwnWords = { readonly is: "unwell" | "unknown"; readonly said: string };

/** Words that health checks answer with beside a 200, as ASP.NET's do with Degraded; more may follow. */
const unwellWord =
  /^(?:not[ _-]?(?:ok|ready|healthy|well|alive|available)|un(?:healthy|ready|available|stable|well)|degraded|impaired|partial|down|dead|offline|stopp(?:ed|ing)|starting|maintenance|outage|warn(?:ing)?|fail(?:ed|ing|ure)?|error|err|crit(?:ical)?|fatal|faulty|broken|false|out[ _-]of[ _-]service|red|yellow)(?![a-z])/i;
const unknownWord = /^(?:unknown|n\/a|null)$/i;

/** Keys whose value is a word for how it is, or says it in an object of its own. */
const wordKey = /^(?:overall|is)?_?(?:status|state|health|result|outcome|indicator|code|status_?code)$/i;
/** Keys that hold true where it is well. */
const trueKey = /^(?:is)?_?(?:ok|up|healthy|ready|alive|live|available|success|well)$/i;
const errorKey = /^(?:error|failure)$/i;
/** An object inside a status is looked into so often: no answer nests deeper to be read by people. */
const deepest = 3;

/** Undefined where an answer says nothing against itself. A document is judged by what its own top says, a text by its beginning. */
export function ownWords(answer: unknown, depth = 0): OwnWords | undefined {
  if (typeof answer === "string") return wordOf(answer);
  if (typeof answer === "boolean") return answer ? undefined : { is: "unwell", said: "false" };
  if (typeof answer !== "object" || answer === null || Array.isArray(answer) || depth > deepest) return undefined;
  const found = Object.entries(answer).flatMap(([key, value]) => {
    const words = underKey(key, value, depth);
    return words
      ? [depth === 0 && typeof value !== "string" ? { ...words, said: `${key}: ${words.said}` } : words]
      : [];
  });
  return found.find(({ is }) => is === "unwell") ?? found[0];
}

function underKey(key: string, value: unknown, depth: number): OwnWords | undefined {
  if (wordKey.test(key)) {
    const code = numberOf(value);
    if (code !== undefined) return code >= 400 && code < 600 ? { is: "unwell", said: String(code) } : undefined;
    return ownWords(value, depth + 1);
  }
  if (trueKey.test(key) && (value === false || value === "false")) return { is: "unwell", said: "false" };
  if (!errorKey.test(key)) return undefined;
  if (typeof value === "string" && value.trim() !== "")
    return { is: "unwell", said: describe({ present: true, value }) };
  return value === true ? { is: "unwell", said: "true" } : undefined;
}

function wordOf(text: string): OwnWords | undefined {
  const said = describe({ present: true, value: text });
  if (unwellWord.test(text.trim())) return { is: "unwell", said };
  return unknownWord.test(text.trim()) ? { is: "unknown", said } : undefined;
}
