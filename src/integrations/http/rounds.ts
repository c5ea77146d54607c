import type { Look } from "../../domain/systems/reading.ts";
import type { Answered } from "../../http/exchange.ts";
import { type Endpoint, endpointKey } from "../wire/endpoint.ts";
import type { Http, HttpAnswer } from "../wire/http.ts";
import { RoundMemory } from "../wire/round-memory.ts";

/** Asks each address once a round: sources that share an address and a deadline share one call. */
export class Rounds {
  readonly #http: Http;
  readonly #answers = new RoundMemory<HttpAnswer<Answered>>();
  readonly #documents = new RoundMemory<HttpAnswer<unknown>>();

  constructor(http: Http) {
    this.#http = http;
  }

  /** A 2xx answer, whatever it holds. */
  answer(url: Endpoint, look: Look): Promise<HttpAnswer<Answered>> {
    return this.#answers.once(look.round, keyOf(url, look), () => this.#http.send(callOf(url, look)));
  }

  /** A 2xx answer that is JSON. */
  document(url: Endpoint, look: Look): Promise<HttpAnswer<unknown>> {
    return this.#documents.once(look.round, keyOf(url, look), () => this.#http.json(callOf(url, look)));
  }
}

function keyOf(url: Endpoint, { deadlineMs }: Look): string {
  return `${deadlineMs} ${endpointKey(url)}`;
}

function callOf(url: Endpoint, { system, deadlineMs }: Look) {
  return { backend: system, url, deadlineMs };
}
