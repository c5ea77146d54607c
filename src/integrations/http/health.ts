import { z } from "zod";
import { parseExactly } from "../../domain/systems/exact.ts";
import type { ComponentDetail } from "../../domain/systems/health.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import type { Answered } from "../../http/exchange.ts";
import { Endpoint } from "../wire/endpoint.ts";
import { bodyJson, bodyText } from "../wire/http.ts";
import { documentFault } from "./document-fault.ts";
import { differences, Expectation } from "./expectation.ts";
import { type OwnWords, ownWords } from "./own-words.ts";
import type { Rounds } from "./rounds.ts";

export const HttpHealth = z.strictObject({
  http: Endpoint,
  /**
   * What a well answer holds, by JSON pointer; `""` is the whole answer, also where that is plain text. A 2xx alone is well
   * when this is left out, unless it says otherwise in a word.
   */
  expect: Expectation.optional(),
  /** The address answers with a web page. Without this one is taken for a login page or a proxy's, and tells nothing. */
  page: z.literal(true).optional(),
});
type HttpHealth = z.output<typeof HttpHealth>;

/** A 2xx is well, and what it holds has to be as expected. Throws BackendError. */
export async function checkHealth(rounds: Rounds, spec: HttpHealth, look: Look): Promise<Taken<ComponentDetail>> {
  const { http: url, expect } = spec;
  const answer = await rounds.answer(url, look);
  const odd = expect ? differences(documentOf(spec, answer.body), expect) : [];
  if (odd.length > 0) throw documentFault(url, "unwell", `: ${odd.join(", ")}`);
  // Nobody said more of it than its address: it is well unless it says otherwise itself.
  const against = expect ? undefined : againstItself(spec, answer.body);
  if (against) throw documentFault(url, against.is === "unwell" ? "unwell" : "nonsense", `: it says ${against.said}`);
  return { value: { detail: `answered ${answer.status}` }, at: answer.at };
}

/** The answer as JSON; where only the whole is compared and it is no JSON, as text. */
function documentOf({ http: url, expect = {} }: HttpHealth, answer: Answered): unknown {
  const text = bodyText({ url }, answer).trim();
  const isWhole = Object.keys(expect).every((path) => path === "");
  return isWhole && jsonOf(text) === undefined ? text : bodyJson({ url }, answer);
}

function againstItself({ http: url, page }: HttpHealth, answer: Answered): OwnWords | undefined {
  if (page || answer.body.length === 0) return undefined;
  const text = bodyText({ url }, answer).trim();
  return ownWords(jsonOf(text) ?? text);
}

function jsonOf(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}
