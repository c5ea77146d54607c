import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fastify from "fastify";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { type Console, registerConsole } from "../../../src/bot/console/register-console.ts";
import { FakeBot } from "./fake-bot.ts";

const accounts = [
  { id: "ana", label: "@ana", personName: "Ana Ruiz", roleWords: "operator" },
  { id: "ben", label: "@ben", personName: "Ben Okafor", roleWords: "approver" },
  { id: "guest", label: "@guest", personName: "Guest", roleWords: "not enrolled" },
] as const;

const channels = [
  { id: "trading", title: "trading", channel: "C-trading" },
  { id: "ops", title: "ops", channel: "C-ops" },
] as const;

const examples = [
  "status",
  "metrics alphapulse daily_pnl",
  "logs pulseguard since:1h level:error",
  "flatten alphapulse",
];

/** A console on a free port with a bot that does as told. */
export interface Rig {
  readonly bot: FakeBot;
  readonly console: Console;
  readonly port: number;
  readonly url: string;
  /** Ends the server and starts it again on the same port and storage, with a new token. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function startRig(): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-console-"));
  const bot = new FakeBot();
  let running = await start(bot, folder, 0);
  const { port } = running;
  const stop = async () => {
    await running.console.close();
    await running.app.close();
  };
  return {
    bot,
    get console() {
      return running.console;
    },
    port,
    url: `http://127.0.0.1:${port}/`,
    stop,
    restart: async () => {
      running = await start(bot, folder, port);
    },
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function start(bot: FakeBot, folder: string, port: number) {
  const app = fastify();
  const log = { warn: () => {}, error: () => {} };
  const storagePath = join(folder, "console.sqlite");
  const registered = await registerConsole(app, {
    bot,
    current: () => ({ accounts, channels, examples }),
    storagePath,
    log,
  });
  await app.listen({ port, host: "127.0.0.1" });
  return { app, console: registered, port: Number(new URL(registered.url).port) };
}

/** A page of its own visitor, ready to type in. */
export async function visit(browser: Browser, rig: Rig, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  await page.goto(rig.url);
  await page.locator(".person").waitFor();
  return page;
}

export async function ask(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

export function composer(page: Page) {
  return page.locator("#composer-channel");
}

export async function become(page: Page, name: string): Promise<void> {
  await page.locator(".person").click();
  await page.getByRole("menuitemradio", { name }).click();
  await page.locator(".person", { hasText: name }).waitFor();
}

/** The exchange that begins with this asking. */
export function exchange(page: Page, asked: string) {
  return page.locator("#flow .exchange", { has: page.locator(".said", { hasText: asked }) });
}
