/**
 * The one table of who may import whom. A layer is a folder of `src`; the deepest folder that holds a file is its layer.
 * `imports` are the layers it may use besides itself. `packages`, where given, are the only packages and Node modules it
 * may use: what is pure stays pure.
 */
interface Rule {
  readonly folder: string;
  readonly imports: readonly string[];
  readonly packages?: readonly string[];
}

/** What a surface may import: neither another surface, nor the pipeline, which it is handed as a `Bot`. */
const surface = ["domain", "bot", "language", "chat"] as const;

export const layers = {
  domain: {
    folder: "src/domain",
    imports: [],
    packages: ["zod", "temporal-polyfill", "@marcbachmann/cel-js", "re2js"],
  },
  records: { folder: "src/records", imports: ["domain"], packages: ["zod", "canonicalize", "node:crypto"] },
  acts: { folder: "src/acts", imports: ["domain", "records"], packages: ["zod", "node:crypto"] },
  reads: { folder: "src/reads", imports: ["domain", "records"], packages: [] },
  cards: { folder: "src/cards", imports: ["domain"], packages: [] },
  commands: { folder: "src/commands", imports: ["domain", "acts", "reads", "cards"], packages: ["zod"] },
  intake: { folder: "src/intake", imports: ["domain", "acts", "http", "log-search"] },
  http: { folder: "src/http", imports: [] },
  "log-search": { folder: "src/log-search", imports: ["domain"] },
  charts: { folder: "src/charts", imports: ["domain"] },
  bot: { folder: "src/bot", imports: ["domain", "language"] },
  pipeline: {
    folder: "src/bot/pipeline",
    imports: ["domain", "records", "acts", "reads", "cards", "bot", "language", "chat"],
  },
  language: { folder: "src/bot/language", imports: ["domain"] },
  chat: { folder: "src/bot/chat", imports: ["domain", "bot"] },
  console: { folder: "src/bot/console", imports: surface },
  terminal: { folder: "src/bot/terminal", imports: [...surface, "http"] },
  slack: { folder: "src/bot/slack", imports: [...surface, "http"] },
  discord: { folder: "src/bot/discord", imports: surface },
  integrations: { folder: "src/integrations", imports: ["domain", "http", "log-search"] },
  store: { folder: "src/store", imports: ["domain"] },
  workers: { folder: "src/workers", imports: ["domain", "records", "acts", "reads", "cards"] },
  config: { folder: "src/config", imports: ["domain"] },
  ops: { folder: "src/ops", imports: ["domain", "http"] },
} as const satisfies Readonly<Record<string, Rule>>;

export type Layer = keyof typeof layers;

/** What may import every layer, and only itself is imported by: the wiring, and what reads the command line. */
export const roots = { compose: "src/compose", cli: "src/cli", demo: "demo" } as const;

/** A vendor's library belongs to the layers named; no other layer knows it. */
export const homes: Readonly<Record<string, readonly Layer[]>> = {
  pino: ["ops"],
  "string-width": ["chat"],
  "prom-client": ["ops"],
  fastify: ["ops", "intake", "console", "terminal", "slack", "discord"],
  "@fastify/websocket": ["console"],
  ioredis: ["store", "integrations"],
  yaml: ["config", "integrations"],
  "@kubernetes/client-node": ["integrations"],
  echarts: ["charts"],
  "@napi-rs/canvas": ["charts"],
  "@slack/bolt": ["slack"],
  "@slack/socket-mode": ["slack"],
  "@slack/types": ["slack"],
  "@slack/web-api": ["slack"],
  "discord.js": ["discord"],
  "node:sqlite": ["store", "console"],
  "node:fs": [
    "console",
    "terminal",
    "slack",
    "discord",
    "integrations",
    "log-search",
    "charts",
    "store",
    "config",
    "ops",
  ],
};

export function mayImport(from: Layer, to: Layer): boolean {
  const allowed: readonly string[] = layers[from].imports;
  return from === to || allowed.includes(to);
}

/** May a layer know this package or Node module? */
export function mayUse(from: Layer, specifier: string): boolean {
  const rule: Rule = layers[from];
  if (rule.packages) return rule.packages.includes(specifier);
  return homes[specifier]?.includes(from) ?? true;
}
