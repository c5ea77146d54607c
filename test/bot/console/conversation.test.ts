import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "../../fakes/browser.ts";
import { card, flattenForm, outgoing } from "./fake-bot.ts";
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

test("what is typed reaches the bot as the visitor, and the answer stands right under it", async () => {
  const page = await visit(browser, rig);
  await ask(page, "/ops status pulseguard");
  await exchange(page, "status pulseguard").getByRole("heading", { name: "Answer to status" }).waitFor();
  const delivery = rig.bot.handled[0];
  expect(delivery?.content).toEqual({ kind: "text", text: "status pulseguard" });
  expect(delivery?.account).toEqual({ surface: "console", id: "ana" });
  expect(delivery?.place).toMatchObject({ surface: "console", channel: "C-trading" });
});

test("while the bot works it says so, and the answer takes that place", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  rig.bot.on("slow", async (delivery) => {
    await promise;
    await delivery.respond(outgoing(card("Done at last"), delivery.id));
  });
  const page = await visit(browser, rig);
  await ask(page, "slow");
  await exchange(page, "slow").getByText("Working…").waitFor();
  resolve();
  await exchange(page, "slow").getByText("Done at last").waitFor();
  await expect.poll(() => page.getByText("Working…").count(), { timeout: 60_000 }).toBe(0);
});

test("plain talk reaches people and never the bot", async () => {
  const ana = await visit(browser, rig);
  const ben = await visit(browser, rig);
  await become(ben, "Ben Okafor");
  await ask(ana, "> lunch?");
  await ben.locator(".main").getByText("lunch?").waitFor();
  await ana.getByRole("button", { name: "To the bot. Press to talk to people" }).click();
  await ask(ana, "in ten minutes");
  await ben.locator(".main").getByText("in ten minutes").waitFor();
  expect(rig.bot.handled).toEqual([]);
});

test("a form asks for what is missing, shows what is wrong, and sends back what was known", async () => {
  rig.bot.on("flatten", (delivery) => delivery.form(flattenForm()));
  rig.bot.on("form:flatten", async (delivery) => {
    const values = delivery.content.kind === "form" ? delivery.content.values : {};
    if (values["reason"] === "short") {
      return delivery.form(flattenForm({ values, errors: { reason: "Say more than that." } }));
    }
    await delivery.respond(outgoing(card("Asked for approval"), delivery.id));
  });
  const page = await visit(browser, rig);
  await ask(page, "flatten alphapulse");
  const dialog = page.getByRole("dialog", { name: "Flatten AlphaPulse-RL" });
  await dialog.getByLabel("Reason").fill("short");
  await dialog.getByLabel("Mode").selectOption("market");
  await dialog.getByRole("button", { name: "Ask for approval" }).click();
  await dialog.getByText("Say more than that.").waitFor();
  expect(await dialog.getByLabel("Mode").inputValue()).toBe("market");
  await dialog.getByLabel("Reason").fill("The drawdown limit is close");
  await dialog.getByLabel("Limit").fill("3");
  await dialog.getByLabel("Tell everyone").check();
  await dialog.getByRole("button", { name: "Ask for approval" }).click();
  await exchange(page, "flatten alphapulse").getByText("Asked for approval").waitFor();
  await expect.poll(() => dialog.count(), { timeout: 60_000 }).toBe(0);
  expect(rig.bot.handled.at(-1)?.content).toEqual({
    kind: "form",
    command: "flatten",
    values: { system: "alphapulse", reason: "The drawdown limit is close", limit: 3, mode: "market", loud: true },
  });
});

test("what a button carries into a form is told, sent along and not for editing", async () => {
  const carried = ["system"];
  const about = ["System alphapulse"];
  const field = { name: "system", label: "System", help: "", kind: "text", required: true } as const;
  const form = flattenForm();
  rig.bot.on("flatten", (delivery) => delivery.form({ ...form, fields: [field, ...form.fields], carried, about }));
  const page = await visit(browser, rig);
  await ask(page, "flatten alphapulse");
  const dialog = page.getByRole("dialog", { name: "Flatten AlphaPulse-RL" });
  await dialog.getByText("System alphapulse").waitFor();
  expect(await dialog.getByLabel("System").count()).toBe(0);
  await dialog.getByLabel("Reason").fill("The drawdown limit is close");
  await dialog.getByLabel("Mode").selectOption("market");
  await dialog.getByRole("button", { name: "Ask for approval" }).click();
  await expect
    .poll(() => rig.bot.handled.at(-1)?.content, { timeout: 60_000 })
    .toMatchObject({
      kind: "form",
      values: { system: "alphapulse", mode: "market" },
      carried: ["system"],
    });
});

test("a form that is closed runs nothing and can be taken up again", async () => {
  rig.bot.on("flatten", (delivery) => delivery.form(flattenForm()));
  const page = await visit(browser, rig);
  await ask(page, "flatten alphapulse");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await exchange(page, "flatten").getByText("Nothing was run").waitFor();
  await page.getByRole("button", { name: "Open it again" }).click();
  await page.getByRole("dialog", { name: "Flatten AlphaPulse-RL" }).waitFor();
  expect(rig.bot.handled).toHaveLength(1);
});

test("completion fits while typing; Tab takes the first, Enter the chosen, Escape none", async () => {
  const page = await visit(browser, rig);
  await composer(page).pressSequentially("/ops st");
  await page.getByRole("option", { name: "status" }).waitFor();
  await page.keyboard.press("Tab");
  expect(await composer(page).inputValue()).toBe("/ops status ");
  await composer(page).fill("");
  await composer(page).pressSequentially("st");
  await page.getByRole("option", { name: "stop" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  expect(await composer(page).inputValue()).toBe("stop ");
  await composer(page).fill("");
  await composer(page).pressSequentially("lo");
  await page.getByRole("option", { name: "logs" }).waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("option").count(), { timeout: 60_000 }).toBe(0);
  expect(await composer(page).inputValue()).toBe("lo");
});

test("the person who presses is the one the socket is, and a button is off while its press is handled", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  rig.bot.on("press:approve-1", async (delivery) => {
    await promise;
    await delivery.respond(outgoing(card(`Approved by ${delivery.account.id}`), delivery.id));
  });
  const page = await visit(browser, rig);
  const actions = [
    { id: "approve-1", label: "Approve", style: "primary", command: "confirm approve", args: {} },
  ] as const;
  await rig.console.courier.post(place, outgoing(card("flatten: waiting", { actions }), "request"));
  await become(page, "Ben Okafor");
  const button = page.getByRole("button", { name: "Approve", exact: true });
  await button.click();
  await expect.poll(() => button.isDisabled(), { timeout: 60_000 }).toBe(true);
  resolve();
  await page.locator(".main").getByText("Approved by ben").waitFor();
  await expect.poll(() => button.isEnabled(), { timeout: 60_000 }).toBe(true);
  expect(rig.bot.handled).toHaveLength(1);
});

test("a private answer reaches its account only, also after loading the page again", async () => {
  rig.bot.on("secret", async (delivery) => {
    const ref = await delivery.respond(outgoing(card("For your eyes"), delivery.id, { audience: delivery.account }));
    expect(ref).toBeUndefined();
  });
  const ana = await visit(browser, rig);
  const ben = await visit(browser, rig);
  await become(ben, "Ben Okafor");
  const heard: string[] = [];
  const other = await visit(browser, rig);
  other.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => heard.push(String(payload))));
  await other.evaluate(() => sessionStorage.setItem("wardroom.account", "ben"));
  await other.reload();
  await ask(ana, "secret");
  await ana.locator(".main").getByText("Only you see this").waitFor();
  await ana.reload();
  await ana.locator(".main").getByText("For your eyes").waitFor();
  await exchange(ben, "secret").waitFor();
  await exchange(other, "secret").waitFor();
  await ask(other, "after");
  await other.locator(".main").getByText("Answer to after").waitFor();
  await ben.reload();
  await exchange(ben, "secret").waitFor();
  expect(await ben.getByText("For your eyes").count()).toBe(0);
  expect(heard.some((payload) => payload.includes("Answer to after"))).toBe(true);
  expect(heard.filter((payload) => payload.includes("For your eyes"))).toEqual([]);
});

test("switching person leaves nothing private behind", async () => {
  rig.bot.on("secret", async (delivery) => {
    await delivery.respond(outgoing(card("For your eyes"), delivery.id, { audience: delivery.account }));
  });
  const page = await visit(browser, rig);
  await ask(page, "secret");
  await page.locator(".main").getByText("For your eyes").waitFor();
  await become(page, "Guest");
  await exchange(page, "secret").waitFor();
  expect(await page.getByText("For your eyes").count()).toBe(0);
  await become(page, "Ana Ruiz");
  await page.locator(".main").getByText("For your eyes").waitFor();
});

test("a thread's questions are answered in it and stay out of the channel", async () => {
  const page = await visit(browser, rig);
  await ask(page, "status");
  await exchange(page, "status").getByText("Answer to status").waitFor();
  await exchange(page, "status").getByRole("button", { name: "Reply in a thread" }).click();
  const thread = page.getByRole("complementary", { name: "Thread" });
  await thread.getByRole("combobox").fill("logs");
  await thread.getByRole("combobox").press("Enter");
  await thread.getByText("Answer to logs").waitFor();
  expect(await page.locator("#flow").getByText("Answer to logs").count()).toBe(0);
  await page.getByRole("button", { name: "2 more messages in the thread" }).waitFor();
  expect(rig.bot.handled[1]?.place.thread).toBe(rig.bot.handled[0]?.place.thread);
});

test("what the bot delivers later into the place of an asking stands under it", async () => {
  const page = await visit(browser, rig);
  await ask(page, "status");
  await exchange(page, "status").getByText("Answer to status").waitFor();
  const [delivery] = rig.bot.handled;
  expect(delivery).toBeDefined();
  if (delivery) await rig.console.courier.post(delivery.place, outgoing(card("And it is over"), "later"));
  await exchange(page, "status").getByText("And it is over").waitFor();
});
