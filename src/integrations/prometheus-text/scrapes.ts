import { BackendError } from "../../domain/failure.ts";
import { addressOf } from "../wire/address.ts";
import { type Endpoint, endpointKey } from "../wire/endpoint.ts";
import type { Http } from "../wire/http.ts";
import { CounterMemory, type Growth, labelKey } from "./counter-memory.ts";
import { type Exposition, parseExposition, type Series } from "./exposition.ts";

export interface Scrape {
  readonly url: Endpoint;
  /** ms since 1970. */
  readonly at: number;
  readonly exposition: Exposition;
}

/** How long an address is not asked again: several metrics of one reading share one scrape. */
const freshMs = 500;
const deadlineMs = 3_000;
const maxBytes = 8 * 1_024 * 1_024;
/** Addresses and counters come from the config, so there are few; this only bounds a config that is beyond reason. */
const maxMemories = 2_000;

/** Asks the addresses of metrics, each once for everybody who wants it at that moment, and remembers their counters. */
export class Scrapes {
  readonly #http: Http;
  readonly #newest = new Map<string, Scrape>();
  readonly #underWay = new Map<string, Promise<Scrape>>();
  readonly #memories = new Map<string, CounterMemory>();

  constructor(http: Http) {
    this.#http = http;
  }

  /** The newest scrape, taken now unless one has just been. Throws BackendError. */
  newest(backend: string, url: Endpoint): Promise<Scrape> {
    const last = this.#newest.get(endpointKey(url));
    const sinceMs = last ? Date.now() - last.at : Number.POSITIVE_INFINITY;
    // A clock set back must not make an old scrape fresh.
    if (last && sinceMs >= 0 && sinceMs < freshMs) return Promise.resolve(last);
    const underWay = this.#underWay.get(endpointKey(url));
    if (underWay) return underWay;
    const asking = this.#scrape(backend, url).finally(() => this.#underWay.delete(endpointKey(url)));
    this.#underWay.set(endpointKey(url), asking);
    return asking;
  }

  /** How much the counters of a name have grown over a window up to this scrape. */
  growth(scrape: Scrape, name: string, windowMs: number): Growth {
    const key = `${windowMs} ${name} ${endpointKey(scrape.url)}`;
    const memory = this.#memories.get(key) ?? new CounterMemory(windowMs);
    if (this.#memories.size < maxMemories) this.#memories.set(key, memory);
    const started = scrape.exposition.get("process_start_time_seconds")?.[0]?.value;
    memory.add({
      at: scrape.at,
      startedAt: started !== undefined && Number.isFinite(started) ? started * 1_000 : undefined,
      series: presentSeries(scrape, name).series,
    });
    return memory.growth();
  }

  async #scrape(backend: string, url: Endpoint): Promise<Scrape> {
    const answer = await this.#http.text({ backend, url, deadlineMs, maxBytes });
    const exposition = parseExposition(answer.body);
    if (!exposition) {
      const { host, path } = addressOf(url);
      throw new BackendError(host, {
        fault: "nonsense",
        detail: `GET ${path} answered something that is not Prometheus text`,
      });
    }
    const scrape = { url, at: answer.at, exposition };
    this.#newest.set(endpointKey(url), scrape);
    return scrape;
  }
}

/** How far from now a value may lie to count as present; Prometheus looks back so far. */
const presentMs = 5 * 60_000;

/** What a scrape shows of a name now. */
interface PresentSeries {
  readonly series: readonly Series[];
  /** Series whose only values are of another time: long ago, or further ahead than clocks differ. The newest first. */
  readonly elsewhen: readonly Series[];
}

/**
 * The series of a name, each once, without values of another time. Throws BackendError where one series stands twice with
 * different values: nobody can say which is true.
 */
export function presentSeries({ url, at, exposition }: Scrape, name: string): PresentSeries {
  const all = exposition.get(name) ?? [];
  const isPresent = (each: Series) => each.at === undefined || Math.abs(at - each.at) <= presentMs;
  const present = all.filter(isPresent);
  const newest = new Map<string, Series>();
  for (const each of present) {
    const key = labelKey(each.labels);
    const known = newest.get(key);
    if (known && known.at === each.at && !Object.is(known.value, each.value))
      throw new BackendError(addressOf(url).host, {
        fault: "nonsense",
        detail: `exposes a series of ${name} twice, with different values`,
      });
    if (!known || (each.at ?? 0) > (known.at ?? 0)) newest.set(key, each);
  }
  const elsewhen = all.filter((each) => !isPresent(each) && !newest.has(labelKey(each.labels)));
  return { series: [...newest.values()], elsewhen: elsewhen.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0)) };
}
