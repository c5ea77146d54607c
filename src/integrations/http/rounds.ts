import type { Look } from "../../domain/systems/reading.ts";
import type { Answered } from "../../http/exchange.ts";
import { type Endpoint, endpointKey } from "../wire/endpoint.ts";
import type { Http, HttpAnswer } from "../wire/http.ts";

/** Calls by what they ask: sources of one round that share an address and a deadline share one call. */
interface Calls {
  readonly answers: Map<string, Promise<HttpAnswer<Answered>>>;
  readonly documents: Map<string, Promise<HttpAnswer<unknown>>>;
}

/** Asks each address once a round. A round is forgotten with whoever looked. */
export class Rounds {
  readonly #http: Http;
  readonly #calls = new WeakMap<object, Calls>();

  constructor(http: Http) {
    this.#http = http;
  }

  /** A 2xx answer, whatever it holds. */
  answer(url: Endpoint, look: Look): Promise<HttpAnswer<Answered>> {
    return once(this.#of(look).answers, url, look, (call) => this.#http.send(call));
  }

  /** A 2xx answer that is JSON. */
  document(url: Endpoint, look: Look): Promise<HttpAnswer<unknown>> {
    return once(this.#of(look).documents, url, look, (call) => this.#http.json(call));
  }

  #of({ round }: Look): Calls {
    const calls = this.#calls.get(round) ?? { answers: new Map(), documents: new Map() };
    this.#calls.set(round, calls);
    return calls;
  }
}

function once<Answer>(
  asked: Map<string, Promise<Answer>>,
  url: Endpoint,
  { system, deadlineMs }: Look,
  ask: (call: { backend: string; url: Endpoint; deadlineMs: number }) => Promise<Answer>,
): Promise<Answer> {
  const key = `${deadlineMs} ${endpointKey(url)}`;
  const asking = asked.get(key) ?? ask({ backend: system, url, deadlineMs });
  asked.set(key, asking);
  return asking;
}
