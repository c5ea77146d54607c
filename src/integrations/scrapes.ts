import { BackendError } from "../domain/failure.ts";
import { addressOf } from "./address.ts";
import type { Http } from "./http.ts";
import { type Exposition, parseExposition, type Series } from "./prometheus-text.ts";

export interface Scrape {
  readonly at: number;
  readonly exposition: Exposition;
}

/** How long an address is not asked again: several metrics of one reading share one scrape. */
const freshMs = 500;
const keepMs = 16 * 60_000;
const most = 80;
const deadlineMs = 3_000;

/** What was scraped from each address lately: counters say something only by how much they have grown. */
export class Scrapes {
  readonly #http: Http;
  readonly #past = new Map<string, Scrape[]>();
  readonly #underWay = new Map<string, Promise<Scrape>>();

  constructor(http: Http) {
    this.#http = http;
  }

  /** The newest scrape, taken now unless one has just been. Throws BackendError. */
  async newest(backend: string, url: string): Promise<Scrape> {
    const last = this.#past.get(url)?.at(-1);
    if (last && Date.now() - last.at < freshMs) return last;
    const asking = this.#underWay.get(url) ?? this.#scrape(backend, url);
    this.#underWay.set(url, asking);
    return asking.finally(() => this.#underWay.delete(url));
  }

  /** Scrapes of an address since a time, oldest first, the newest included. */
  since(url: string, from: number): readonly Scrape[] {
    return (this.#past.get(url) ?? []).filter((scrape) => scrape.at >= from);
  }

  async #scrape(backend: string, url: string): Promise<Scrape> {
    const answer = await this.#http.text({ backend, url, deadlineMs });
    const exposition = parseExposition(answer.body);
    if (!exposition) {
      const { host, path } = addressOf(url);
      throw new BackendError(host, { fault: "nonsense", detail: `${path} is not Prometheus text` });
    }
    const scrape = { at: answer.at, exposition };
    const past = [...(this.#past.get(url) ?? []), scrape].filter((each) => each.at > answer.at - keepMs);
    this.#past.set(url, past.slice(-most));
    return scrape;
  }
}

/** Series of a metric whose labels hold at least these. */
export function seriesOf(
  scrape: Scrape,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): readonly Series[] {
  const wanted = Object.entries(labels);
  return (scrape.exposition.get(name) ?? []).filter((series) =>
    wanted.every(([label, value]) => series.labels[label] === value),
  );
}

/** How much each series has grown from the first scrape to the last, by its labels; a counter that fell began anew at zero. */
export function increases(
  scrapes: readonly Scrape[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Map<string, Series> {
  const grown = new Map<string, Series>();
  let before = new Map<string, number>();
  for (const [at, scrape] of scrapes.entries()) {
    const now = new Map<string, number>();
    for (const series of seriesOf(scrape, name, labels)) {
      const key = labelKey(series.labels);
      now.set(key, series.value);
      const last = before.get(key);
      const step = at === 0 ? 0 : last === undefined || series.value < last ? series.value : series.value - last;
      grown.set(key, { labels: series.labels, value: (grown.get(key)?.value ?? 0) + step });
    }
    before = now;
  }
  return grown;
}

function labelKey(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
