/** The parts of src, the folder each lives in, and the parts it may import besides itself. Main and compose may import all. */
export const layers = {
  domain: { folder: "src/domain", imports: [] },
  http: { folder: "src/http", imports: [] },
  acts: { folder: "src/acts", imports: ["domain"] },
  commands: { folder: "src/commands", imports: ["domain", "acts"] },
  bot: { folder: "src/bot", imports: ["domain", "acts", "commands"] },
  console: { folder: "src/bot/console", imports: ["domain", "bot"] },
  terminal: { folder: "src/bot/terminal", imports: ["domain", "bot"] },
  slack: { folder: "src/bot/slack", imports: ["domain", "bot", "http"] },
  discord: { folder: "src/bot/discord", imports: ["domain", "bot"] },
  integrations: { folder: "src/integrations", imports: ["domain", "http"] },
  store: { folder: "src/store", imports: ["domain"] },
  workers: { folder: "src/workers", imports: ["domain", "acts"] },
  config: { folder: "src/config", imports: ["domain"] },
  ops: { folder: "src/ops", imports: ["domain"] },
} as const satisfies Readonly<Record<string, { readonly folder: string; readonly imports: readonly string[] }>>;

export type Layer = keyof typeof layers;

/** What only the composition root may import, besides the layers themselves. */
export const roots = { compose: "src/compose", demo: "demo" } as const;

/** A vendor's library belongs to the layers named; nowhere else in src is it known. */
export const homes: Readonly<Record<string, readonly Layer[]>> = {
  pino: ["ops"],
  "prom-client": ["ops"],
  fastify: ["ops", "console", "terminal", "slack", "discord"],
  ioredis: ["store", "integrations"],
  yaml: ["config"],
  "@slack/bolt": ["slack"],
  "@slack/socket-mode": ["slack"],
  "@slack/types": ["slack"],
  "@slack/web-api": ["slack"],
  "discord.js": ["discord"],
  "node:fs": ["console", "terminal", "slack", "discord", "integrations", "store", "config", "ops"],
};

export function mayImport(from: Layer, to: Layer): boolean {
  const allowed: readonly string[] = layers[from].imports;
  return from === to || allowed.includes(to);
}
