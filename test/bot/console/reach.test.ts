import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "../../fakes/browser.ts";
import { card, flattenForm, outgoing } from "./fake-bot.ts";
import { ask, composer, exchange, type Rig, startRig, visit } from "./rig.ts";

const place = { surface: "console", channel: "C-trading" } as const;
let browser: Browser;
let rig: Rig;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  rig = await startRig();
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((each) => each.close()));
  await rig.close();
});

test("everything can be done with the keyboard alone", async () => {
  rig.bot.on("flatten", (delivery) => delivery.form(flattenForm()));
  const page = await visit(browser, rig);
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.id), { timeout: 60_000 })
    .toBe("composer-channel");
  await page.keyboard.type("flatten alphapulse");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.type("Drawdown limit");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("m");
  for (let i = 0; i < 3; i++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await exchange(page, "flatten").getByText("Answer to form:flatten").waitFor();
  await expect.poll(() => page.getByRole("dialog").count(), { timeout: 60_000 }).toBe(0);
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.id), { timeout: 60_000 })
    .toBe("composer-channel");
  await page.keyboard.press("ArrowUp");
  expect(await composer(page).inputValue()).toBe("flatten alphapulse");
  await page.keyboard.press("Alt+ArrowDown");
  await page.getByRole("heading", { name: "ops" }).waitFor();
  await page.locator(".person").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator(".person", { hasText: "Ben Okafor" }).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("menu").count(), { timeout: 60_000 }).toBe(0);
});

test("Shift and Enter make a new line; Enter sends all of it", async () => {
  const page = await visit(browser, rig);
  await composer(page).focus();
  await page.keyboard.type("status");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("pulseguard");
  await page.keyboard.press("Enter");
  await expect
    .poll(() => rig.bot.handled[0]?.content, { timeout: 60_000 })
    .toEqual({ kind: "text", text: "status\npulseguard" });
});

test("a first-time visitor clicks a suggestion, and the strip stays away once closed", async () => {
  const page = await visit(browser, rig);
  await page.getByRole("region", { name: "Try this" }).getByRole("button", { name: "status" }).click();
  await exchange(page, "status").getByText("Answer to status").waitFor();
  await page.getByRole("button", { name: "Close the suggestions" }).click();
  await page.reload();
  await page.locator(".main").getByText("Answer to status").waitFor();
  expect(await page.getByRole("region", { name: "Try this" }).count()).toBe(0);
});

test("a new message is told to those who listen", async () => {
  const page = await visit(browser, rig);
  await rig.console.courier.post(place, outgoing(card("PulseGuard is down", { summary: "For 4 minutes." }), "a"));
  await expect
    .poll(() => page.locator("#announcer").textContent(), { timeout: 60_000 })
    .toBe("Wardroom: PulseGuard is down. For 4 minutes.");
});

test("nothing makes a phone scroll sideways, and the channels are one press away", async () => {
  const long = "x".repeat(400);
  const page = await visit(browser, rig, { viewport: { width: 360, height: 700 }, isMobile: true, hasTouch: true });
  await rig.console.courier.post(place, outgoing(everyBlock(long), "wide"));
  await ask(page, `status ${long}`);
  await page.locator(".main").getByText("Answer to status").waitFor();
  expect(await sideways(page)).toEqual([]);
  await page.getByRole("button", { name: "Channels" }).click();
  await page.getByRole("button", { name: "ops" }).click();
  await page.getByRole("heading", { name: "ops" }).waitFor();
  await page.locator(".person").click();
  await page.getByRole("menu").waitFor();
  expect(await sideways(page)).toEqual([]);
});

test("a phone shows every cell of a wide table, each after the title of its column, and the whole of a long value", async () => {
  const page = await visit(browser, rig, { viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true });
  const look = "API: prsm-api-qjnj8txbq-p7hvj is in CrashLoopBackOff after 2 restarts";
  const columns = ["System", "Is", "Alerts", "Look at"].map((title) => ({ title }));
  const rows = [
    ["prsm", { text: "degraded", tone: "warning" }, "0", look],
    ["logos", { text: "up", tone: "good" }, "0", ""],
  ] as const;
  const narrow = { kind: "table", columns: columns.slice(0, 2), rows: [["prsm", "up"]] } as const;
  const fields = [
    { name: "Changes", value: look },
    { name: "Risk", value: "destructive" },
    { name: "Code", value: "172C38" },
  ];
  const name = `${"7".repeat(64)}.json`;
  const file = { name, mediaType: "application/json", bytes: new TextEncoder().encode("{}") };
  const blocks = [
    { kind: "table", columns, rows },
    narrow,
    { kind: "fields", fields },
    { kind: "file", file: name, note: `SHA-256 ${"a".repeat(64)}` },
  ] as const;
  await rig.console.courier.post(place, outgoing(card("Fleet", { blocks }), "fleet", { files: [file] }));
  await page.getByText("prsm", { exact: true }).first().waitFor();

  const [wide, fits] = await page.locator(".table-scroll").all();
  expect(await wide?.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
  expect(await fits?.getByRole("columnheader").count()).toBe(2);
  const told = await wide?.getByRole("cell").evaluateAll((cells) =>
    cells.map((cell) => {
      const title = getComputedStyle(cell, "::before").content;
      return [title === "none" ? "" : title, cell.textContent ?? ""].join(" ").trim();
    }),
  );
  expect(told).toEqual([
    "prsm",
    '"Is " Warning: degraded',
    '"Alerts " 0',
    `"Look at " ${look}`,
    "logos",
    '"Is " Good: up',
    '"Alerts " 0',
  ]);
  const widths = await page.locator(".field").evaluateAll((each) => each.map((field) => field.clientWidth));
  expect(widths[0]).toBeGreaterThan(2 * (widths[1] ?? 0));
  expect(widths[1]).toBe(widths[2]);
  const [box, note] = [page.locator(".file"), page.locator(".file-note")];
  expect(await box.evaluate((each) => each.scrollWidth - each.clientWidth)).toBe(0);
  expect(await note.textContent()).toContain("aaaa");
  expect(await sideways(page)).toEqual([]);
});

test("dark follows the system and can be chosen", async () => {
  const page = await visit(browser, rig, { colorScheme: "dark" });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await page.getByRole("button", { name: "Light" }).click();
  const light = await ground();
  expect(light).not.toBe(dark);
  await page.reload();
  await page.locator(".person").waitFor();
  expect(await ground()).toBe(light);
});

test("long tables and texts open up on demand", async () => {
  const page = await visit(browser, rig);
  const rows = Array.from({ length: 40 }, (_, index) => [`row ${index}`, "v"]);
  const columns = [{ title: "Name" }, { title: "Value", align: "right" }] as const;
  await rig.console.courier.post(place, outgoing(card("Long", { blocks: [{ kind: "table", columns, rows }] }), "t"));
  await page.getByRole("cell", { name: "row 3", exact: true }).waitFor();
  expect(await page.getByRole("cell", { name: "row 39" }).count()).toBe(0);
  await page.getByRole("button", { name: "Show all 40 rows" }).click();
  await page.getByRole("cell", { name: "row 39" }).waitFor();
});

function everyBlock(long: string) {
  const columns = [{ title: "A" }, { title: "B", align: "right" }] as const;
  return card(long, {
    summary: long,
    blocks: [
      { kind: "text", text: long },
      { kind: "fields", fields: [{ name: long, value: long, tone: "bad" }] },
      { kind: "table", columns, rows: [[long, long]] },
      { kind: "code", text: long },
      { kind: "list", items: [{ text: long, tone: "good" }] },
      { kind: "file", file: long },
      { kind: "moment", label: long, at: 0 },
    ],
    actions: [{ id: "a", label: long, command: "x", args: {} }],
    footer: long,
  });
}

/** What reaches over the right edge without a box of its own that scrolls. */
async function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    return [...document.querySelectorAll("#app *")]
      .filter((each) => !each.closest(".table-scroll, .code, .chips, .unseen, .side:not(.open)"))
      .filter((each) => each.getBoundingClientRect().right > width + 0.5)
      .map((each) => `${each.tagName}.${each.getAttribute("class") ?? ""}`);
  });
}

test("an answer higher than the page is shown from what was asked, and stays where the reader goes on", async () => {
  const rows = Array.from({ length: 60 }, (_, index) => ({ text: `line ${index}` }));
  rig.bot.on("long", async (delivery) => {
    await delivery.respond(outgoing(card("Long answer", { blocks: [{ kind: "list", items: rows }] }), delivery.id));
  });
  const page = await visit(browser, rig, { viewport: { width: 900, height: 600 } });
  await ask(page, "status");
  await ask(page, "long");
  await page.locator(".main").getByText("line 59").waitFor();
  const distance = () =>
    page.evaluate(() => {
      const flow = document.getElementById("flow")?.getBoundingClientRect();
      const last = [...document.querySelectorAll("#flow .exchange")].at(-1)?.getBoundingClientRect();
      return Math.round((last?.top ?? 0) - (flow?.top ?? 0));
    });
  await expect.poll(distance, { timeout: 60_000 }).toBeLessThan(16);
  expect(await distance()).toBeGreaterThanOrEqual(0);
  await page.locator("#flow").evaluate((flow) => flow.scrollTo(0, flow.scrollHeight));
  await page.getByRole("button", { name: "Close the suggestions" }).click();
  await rig.console.courier.post({ surface: "console", channel: "C-ops" }, outgoing(card("Elsewhere"), "o"));
  await page.getByRole("button", { name: "ops" }).locator(".badge").waitFor();
  expect(await distance()).toBeLessThan(-200);
});
