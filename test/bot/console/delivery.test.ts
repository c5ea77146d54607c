import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "../../fakes/browser.ts";
import { card, outgoing } from "./fake-bot.ts";
import { ask, become, composer, exchange, type Rig, startRig, visit } from "./rig.ts";

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

test("the same nonce is the same message", async () => {
  const first = await rig.console.courier.post(place, outgoing(card("Once"), "n1"));
  const second = await rig.console.courier.post(place, outgoing(card("Once"), "n1"));
  expect(second).toEqual(first);
  const page = await visit(browser, rig);
  await page.locator(".main").getByText("Once").waitFor();
  expect(await page.locator("#flow .exchange").count()).toBe(1);
});

test("an edit changes every copy in place, and only a notable one counts as unread", async () => {
  const ana = await visit(browser, rig);
  const ben = await visit(browser, rig);
  await become(ben, "Ben Okafor");
  const ref = await rig.console.courier.post(place, outgoing(card("flatten: waiting", { tone: "warning" }), "r"));
  await ben.locator(".main").getByText("flatten: waiting").waitFor();
  await ben.getByRole("button", { name: "ops" }).click();
  const badge = ben.getByRole("button", { name: "trading" }).locator(".badge");
  await expect.poll(() => badge.count(), { timeout: 60_000 }).toBe(0);
  const progress = card("flatten: waiting", { tone: "warning", summary: "1 of 2 approved" });
  await rig.console.courier.edit(ref, outgoing(progress, "e1"));
  await ana.locator(".main").getByText("1 of 2 approved").waitFor();
  expect(await badge.count()).toBe(0);
  await rig.console.courier.edit(ref, outgoing(card("flatten: done"), "e2"));
  await ana.locator(".main").getByText("flatten: done").waitFor();
  expect(await ana.getByText("flatten: waiting").count()).toBe(0);
  await badge.getByText("1").first().waitFor();
  expect(await ben.title()).toContain("(1)");
});

test("what came while away is marked unread, stands under a line, and is read once looked at", async () => {
  await rig.console.courier.post(place, outgoing(card("Old news"), "n0"));
  const page = await visit(browser, rig);
  await page.locator(".main").getByText("Old news").waitFor();
  await page.getByRole("button", { name: "ops" }).click();
  const trading = page.getByRole("button", { name: /^#?\s*trading/ });
  await rig.console.courier.post(place, outgoing(card("PulseGuard is down", { tone: "bad" }), "n1"));
  await trading.locator(".badge").waitFor();
  await trading.click();
  await page.locator(".line.new").waitFor();
  await expect.poll(() => trading.locator(".badge").count(), { timeout: 60_000 }).toBe(0);
  await page.reload();
  await page.locator(".main").getByText("PulseGuard is down").waitFor();
  await expect
    .poll(() => page.getByRole("button", { name: "trading" }).locator(".badge").count(), { timeout: 60_000 })
    .toBe(0);
});

test("what is sent while the line is down waits, goes out once it is back, and runs once", async () => {
  const page = await visit(browser, rig);
  await ask(page, "status");
  await page.locator(".main").getByText("Answer to status").waitFor();
  await rig.stop();
  await page.locator(".main").getByText("Reconnecting…").waitFor();
  await ask(page, "logs pulseguard");
  await page.locator(".main").getByText("Waiting for the connection").waitFor();
  await page.locator(".main").getByText("1 message will be sent").waitFor();
  await rig.restart();
  await exchange(page, "logs pulseguard").getByText("Answer to logs").waitFor();
  await page.locator(".main").getByText("Answer to status").waitFor();
  expect(await exchange(page, "logs pulseguard").count()).toBe(1);
  expect(
    rig.bot.handled.filter(({ content }) => content.kind === "text" && content.text.startsWith("logs")),
  ).toHaveLength(1);
});

test("a send that comes again while it is handled, or after, is the same delivery", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  rig.bot.on("slow", async (delivery) => {
    await promise;
    await delivery.respond(outgoing(card("Ran"), delivery.id));
  });
  const page = await visit(browser, rig);
  await page.context().addInitScript(() => {
    const Plain = WebSocket;
    window.WebSocket = class extends Plain {
      override send(data: string) {
        super.send(data);
        if (!data.includes('"type":"send"')) return;
        super.send(data);
        setTimeout(() => super.send(data), 0);
      }
    };
  });
  await page.reload();
  await page.locator(".person").waitFor();
  await ask(page, "slow");
  await page.locator(".main").getByText("Working…").waitFor();
  resolve();
  await page.locator(".main").getByText("Ran").waitFor();
  expect(await exchange(page, "slow").count()).toBe(1);
  expect(rig.bot.handled).toHaveLength(1);
});

test("a form opened while the page was away is there when it is back", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const form = {
    command: "flatten",
    title: "Flatten",
    submit: "Ask",
    danger: true,
    fields: [{ name: "reason", label: "Reason", help: "", kind: "text", required: true }],
    values: {},
    carried: [],
    about: [],
    errors: {},
    usage: "flatten",
  } as const;
  rig.bot.on("flatten", async (delivery) => {
    await promise;
    await delivery.form(form);
  });
  const page = await visit(browser, rig);
  await ask(page, "flatten");
  await page.locator(".main").getByText("Working…").waitFor();
  await page.goto("about:blank");
  await expect.poll(() => rig.console.health().detail, { timeout: 60_000 }).toContain("0 pages open");
  resolve();
  await page.goto(rig.url);
  await page.getByRole("dialog", { name: "Flatten" }).waitFor();
});

test("messages, their files and what was read survive a restart of the server", async () => {
  const page = await visit(browser, rig);
  const bytes = new TextEncoder().encode("time,level\n13:00,error\n");
  await rig.console.courier.post(
    place,
    outgoing(card("Lines", { blocks: [{ kind: "file", file: "é rrors.csv" }] }), "f", {
      files: [{ name: "é rrors.csv", mediaType: "text/csv", bytes }],
    }),
  );
  await page.locator(".main").getByText("Lines").waitFor();
  await rig.stop();
  await page.locator(".main").getByText("Reconnecting…").waitFor();
  await rig.restart();
  await expect.poll(() => page.getByText("Reconnecting…").count(), { timeout: 60_000 }).toBe(0);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: /rrors\.csv/ }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("é rrors.csv");
  expect(await readFile(await download.path(), "utf8")).toBe("time,level\n13:00,error\n");
});

test("a picture is shown, and a missing one is told in words", async () => {
  const page = await visit(browser, rig);
  const png = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  const blocks = [
    { kind: "image", file: "chart.png", alt: "P&L falls" },
    { kind: "image", file: "lost.png", alt: "P&L rises" },
  ] as const;
  await rig.console.courier.post(
    place,
    outgoing(card("Chart", { blocks }), "p", { files: [{ name: "chart.png", mediaType: "image/png", bytes: png }] }),
  );
  const image = page.getByRole("img", { name: "P&L falls" });
  await expect
    .poll(() => image.evaluate((each) => each instanceof HTMLImageElement && each.naturalWidth), { timeout: 60_000 })
    .toBe(1);
  await page.locator(".main").getByText("P&L rises (the picture is no longer kept)").waitFor();
});

test("a moment counts down live", async () => {
  const page = await visit(browser, rig);
  await page.clock.install();
  const at = await page.evaluate(() => Date.now() + 65_000);
  await rig.console.courier.post(
    place,
    outgoing(card("Waiting", { blocks: [{ kind: "moment", label: "Decide before", at }] }), "m"),
  );
  const left = page.locator(".moment-distance");
  await expect.poll(() => left.textContent(), { timeout: 60_000 }).toMatch(/^in 1 min 0\d s$/);
  await page.clock.fastForward(30_000);
  await expect.poll(() => left.textContent(), { timeout: 60_000 }).toMatch(/^in 3\d s$/);
  await page.clock.fastForward(60_000);
  await expect.poll(() => left.textContent(), { timeout: 60_000 }).toMatch(/ s ago$/);
});

test("a post or edit to where nothing is kept is a definite refusal", async () => {
  const { courier } = rig.console;
  const nowhere = { surface: "console", channel: "C-nowhere" } as const;
  await expect(courier.post(nowhere, outgoing(card("x"), "x"))).rejects.toMatchObject({ fault: "missing" });
  const gone = { surface: "console", channel: "C-ops", id: "gone" } as const;
  await expect(courier.edit(gone, outgoing(card("x"), "x"))).rejects.toMatchObject({ fault: "missing" });
});

test("the composer keeps what was typed in each channel", async () => {
  const page = await visit(browser, rig);
  await composer(page).fill("half a thou");
  await page.getByRole("button", { name: "ops" }).click();
  expect(await composer(page).inputValue()).toBe("");
  await page.getByRole("button", { name: "trading" }).click();
  expect(await composer(page).inputValue()).toBe("half a thou");
});
