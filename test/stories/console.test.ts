import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startWardroom, type Wardroom } from "../../src/compose/start.ts";
import { launchBrowser } from "../fakes/browser.ts";

let browser: Browser;
let wardroom: Wardroom;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wardroom-room-"));
  browser = await launchBrowser();
  wardroom = await startWardroom({
    production: false,
    configFolder: undefined,
    stateFolder: folder,
    terminal: "socket",
    port: 0,
    host: "127.0.0.1",
    logLevel: "silent",
    redisUrl: undefined,
    slack: undefined,
    discord: undefined,
    variables: {},
  });
});

afterAll(async () => {
  await browser.close();
  await wardroom.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function say(page: Page, text: string): Promise<void> {
  await page.locator("textarea").first().fill(text);
  await page.keyboard.press("Enter");
}

/** Switches person in the menu at the top right. */
async function become(page: Page, name: RegExp): Promise<void> {
  await page.locator("header button[aria-haspopup]").last().click();
  await page
    .getByRole("menuitemradio", { name })
    .or(page.getByRole("option", { name }))
    .or(page.getByRole("menuitem", { name }))
    .first()
    .click();
}

it("a visitor gets status, a chart, logs, and a flatten that two people make happen", async () => {
  const page = await browser.newPage({ viewport: { width: 1_100, height: 900 } });
  await page.goto(wardroom.url);
  await say(page, "status");
  await page
    .getByText(/4 systems asked just now|of 4 (?:need a look|not fully read)/)
    .first()
    .waitFor();
  await say(page, "metrics alphapulse daily_pnl");
  await page.locator("img[alt*='Daily P&L']").first().waitFor();
  await say(page, "logs pulseguard since:2h level:warning");
  await page
    .getByText(/PulseGuard, Application log: \d+ line/)
    .first()
    .waitFor();

  await say(page, "flatten alphapulse");
  await page.getByLabel(/Reason/).fill("the exchange is halting");
  await page.getByRole("button", { name: "Ask", exact: true }).last().click();
  await page.getByText("flatten AlphaPulse-RL: waiting for approval").first().waitFor();
  await page.getByRole("button", { name: "Approve", exact: true }).first().click();
  await page.getByText("it takes somebody else").first().waitFor();

  await become(page, /Boris/);
  await page.getByRole("button", { name: "Approve", exact: true }).first().click();
  await page.getByText("flatten AlphaPulse-RL: done").first().waitFor({ timeout: 60_000 });
  await say(page, "portfolio alphapulse");
  await page.getByText("AlphaPulse-RL holds no position").first().waitFor();
  expect(await page.getByText("flatten AlphaPulse-RL: waiting for approval").count()).toBe(0);
});
