import { createHash } from "node:crypto";

/** How many calls a bucket takes in how long. */
interface Limit {
  readonly limit: number;
  readonly perMs: number;
}

/** The global limit of a bot: "50 requests per second". Interactions are not counted in it. */
const globalLimit: Limit = { limit: 50, perMs: 1_000 };
const otherwise: Limit = { limit: 50, perMs: 1_000 };
const limits: readonly (readonly [string, RegExp, Limit])[] = [
  ["POST", /^\/channels\/:major\/messages$/, { limit: 5, perMs: 5_000 }],
  ["PATCH", /^\/channels\/:major\/messages\/:id$/, { limit: 5, perMs: 5_000 }],
  ["DELETE", /^\/channels\/:major\/messages\/:id$/, { limit: 5, perMs: 1_000 }],
  ["PUT", /reactions/, { limit: 1, perMs: 250 }],
  ["PATCH", /^\/channels\/:major$/, { limit: 2, perMs: 600_000 }],
  ["POST", /^\/webhooks\/:major$/, { limit: 5, perMs: 2_000 }],
  ["PATCH", /^\/webhooks\/:major\/messages/, { limit: 5, perMs: 2_000 }],
];

interface Window {
  used: number;
  endsAt: number;
  /** When its last call was used up, which the answer to that call told. */
  emptiedAt: number;
}

/** What was sent before that answer came in is no fault of its sender's, ms. */
const underWayMs = 250;

interface Taken {
  readonly headers: Readonly<Record<string, string>>;
  /** Set when the call is refused: how long to wait, s, whether it was too much in all, and whether its sender could know. */
  readonly refused?: { readonly retryAfter: number; readonly global: boolean; readonly wasTold: boolean };
}

/** Discord's rate limits: a bucket for every route and major parameter, and one for everything. */
export class Buckets {
  readonly #windows = new Map<string, Window>();

  take(method: string, path: string, nowMs: number): Taken {
    const free = path.startsWith("/interactions/") || path.startsWith("/webhooks/");
    if (!free && this.#waitMs("global", globalLimit, nowMs) > 0) {
      const retryAfter = this.#waitMs("global", globalLimit, nowMs) / 1_000;
      return {
        headers: { "x-ratelimit-global": "true", "x-ratelimit-scope": "global", "retry-after": String(retryAfter) },
        refused: { retryAfter, global: true, wasTold: this.#wasTold("global", nowMs) },
      };
    }
    // An answer to an interaction can be given once anyway.
    if (path.startsWith("/interactions/")) return { headers: {} };
    const { route, major } = routeOf(path);
    const limit = limits.find(([verb, pattern]) => verb === method && pattern.test(route))?.[2] ?? otherwise;
    const key = `${method} ${route} ${major}`;
    const waitMs = this.#waitMs(key, limit, nowMs);
    if (waitMs === 0) {
      this.#use(key, limit, nowMs);
      if (!free) this.#use("global", globalLimit, nowMs);
    }
    const headers = this.#headers(key, limit, { nowMs, bucket: `${method} ${route}` });
    if (waitMs === 0) return { headers };
    const retryAfter = waitMs / 1_000;
    return {
      headers: { ...headers, "x-ratelimit-scope": "user", "retry-after": String(Math.ceil(retryAfter)) },
      refused: { retryAfter, global: false, wasTold: this.#wasTold(key, nowMs) },
    };
  }

  #headers(
    key: string,
    { limit }: Limit,
    { nowMs, bucket }: { nowMs: number; bucket: string },
  ): Record<string, string> {
    const { used, endsAt } = this.#windows.get(key) ?? { used: 0, endsAt: nowMs };
    return {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(limit - used),
      "x-ratelimit-reset": String((Date.now() + endsAt - nowMs) / 1_000),
      "x-ratelimit-reset-after": ((endsAt - nowMs) / 1_000).toFixed(3),
      "x-ratelimit-bucket": createHash("sha256").update(bucket).digest("hex").slice(0, 32),
    };
  }

  #waitMs(key: string, { limit }: Limit, nowMs: number): number {
    const window = this.#windows.get(key);
    return window && window.endsAt > nowMs && window.used >= limit ? window.endsAt - nowMs : 0;
  }

  #wasTold(key: string, nowMs: number): boolean {
    const emptiedAt = this.#windows.get(key)?.emptiedAt;
    return emptiedAt !== undefined && nowMs - emptiedAt > underWayMs;
  }

  #use(key: string, { perMs }: Limit, nowMs: number): void {
    const known = this.#windows.get(key);
    const window = known && known.endsAt > nowMs ? known : { used: 0, endsAt: nowMs + perMs, emptiedAt: nowMs };
    window.used += 1;
    window.emptiedAt = nowMs;
    this.#windows.set(key, window);
  }
}

/** Channels, guilds and webhooks with their tokens are major parameters: each has buckets of its own. */
function routeOf(path: string): { readonly route: string; readonly major: string } {
  const [kind = "", ...parts] = path.slice(1).split("/");
  const majors = kind === "webhooks" ? 2 : kind === "channels" || kind === "guilds" ? 1 : 0;
  const rest = parts.slice(majors).map((part) => (/^(?:\d{5,}|@original)$/.test(part) ? ":id" : part));
  const route = ["", kind, ...(majors > 0 ? [":major"] : []), ...rest].join("/");
  return { route, major: parts.slice(0, majors).join("/") };
}
