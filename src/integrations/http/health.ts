import { z } from "zod";
import { parseExactly } from "../../domain/systems/exact.ts";
import type { ComponentDetail } from "../../domain/systems/health.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import type { Answered } from "../../http/exchange.ts";
import { Endpoint } from "../wire/endpoint.ts";
import { bodyJson, bodyText } from "../wire/http.ts";
import { readPointer } from "../wire/read-pointer.ts";
import { documentFault } from "./document-fault.ts";
import { differences, Expectation } from "./expectation.ts";
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

/** Words that health checks answer with beside a 200, as ASP.NET's do with Degraded. */
const unwellWord =
  /^(?:degraded|unhealthy|not ?ok|down|fail(?:ed|ing|ure)?|error|critical|out_of_service|red|yellow)$/i;

/** A 2xx is well, and what it holds has to be as expected. Throws BackendError. */
export async function checkHealth(rounds: Rounds, spec: HttpHealth, look: Look): Promise<Taken<ComponentDetail>> {
  const { http: url, expect } = spec;
  const answer = await rounds.answer(url, look);
  const odd = expect ? differences(documentOf(spec, answer.body), expect) : unwellWords(spec, answer.body);
  if (odd.length > 0) throw documentFault(url, "unwell", `: ${odd.join(", ")}`);
  return { value: { detail: `answered ${answer.status}` }, at: answer.at };
}

/** The answer as JSON; where only the whole is compared and it is no JSON, as text. */
function documentOf({ http: url, expect = {} }: HttpHealth, answer: Answered): unknown {
  const text = bodyText({ url }, answer).trim();
  const isWhole = Object.keys(expect).every((path) => path === "");
  return isWhole && jsonOf(text) === undefined ? text : bodyJson({ url }, answer);
}

/** What an answer says against itself that nobody said more of than its address. */
function unwellWords({ http: url, page }: HttpHealth, answer: Answered): string[] {
  if (page) return [];
  if (answer.body.length === 0) return [];
  const text = bodyText({ url }, answer).trim();
  const status = readPointer(jsonOf(text), "/status");
  const word = status.present ? status.value : text;
  return typeof word === "string" && unwellWord.test(word) ? [`it says ${JSON.stringify(word)}`] : [];
}

function jsonOf(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}
