import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "../../fakes/browser.ts";
import { card, outgoing } from "./fake-bot.ts";
import { type Rig, startRig, visit } from "./rig.ts";

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

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** A request whose every header is ours to choose, which fetch does not allow. */
async function knock(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const asking = request({ host: "127.0.0.1", port: rig.port, path, method, headers }, (response) => {
    let body = "";
    response.setEncoding("utf8").on("data", (chunk) => {
      body += String(chunk);
    });
    response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
  });
  asking.on("upgrade", (response, socket) => {
    socket.destroy();
    resolve({ status: response.statusCode ?? 0, headers: response.headers, body: "" });
  });
  asking.on("error", reject).end();
  return promise;
}

/** A refused upgrade may end with its status or with the socket: either way nothing opened. */
async function upgrade(headers: Record<string, string>): Promise<"opened" | "refused"> {
  const asked = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const status = await knock("/socket", asked).then(
    (answer) => answer.status,
    () => 0,
  );
  return status === 101 ? "opened" : "refused";
}

async function session(): Promise<{ cookie: string; token: string }> {
  const answer = await knock("/session");
  const cookie = String(answer.headers["set-cookie"]).split(";")[0] ?? "";
  return { cookie, token: cookie.split("=")[1] ?? "" };
}

test.each(["/", "/session", "/files/x", "/assets/main.js"])("%s answers to loopback names only", async (path) => {
  const rebound = await knock(path, { host: `attacker.example:${rig.port}` });
  expect(rebound.status).toBe(421);
  expect((await knock(path, { host: "127.0.0.1:1" })).status).toBe(421);
  expect((await knock(path, { host: `localhost:${rig.port}` })).status).not.toBe(421);
});

test("another origin is refused, whatever it asks", async () => {
  const { cookie } = await session();
  const origin = "http://127.0.0.1:9";
  expect((await knock("/session", { origin })).status).toBe(403);
  expect((await knock("/session", { "sec-fetch-site": "same-site" })).status).toBe(403);
  expect((await knock("/", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" })).status).toBe(403);
  expect(await upgrade({ origin, cookie })).toBe("refused");
  expect(await upgrade({ cookie })).toBe("refused");
  expect(await upgrade({ origin: "null", cookie })).toBe("refused");
});

test("the live connection opens to our page with this start's token only", async () => {
  const origin = `http://127.0.0.1:${rig.port}`;
  const { cookie } = await session();
  expect(await upgrade({ origin })).toBe("refused");
  expect(await upgrade({ origin, cookie: `${cookie}x` })).toBe("refused");
  expect(await upgrade({ origin, cookie })).toBe("opened");
  await rig.stop();
  await rig.restart();
  expect(await upgrade({ origin, cookie })).toBe("refused");
});

test("a socket without its hello, with a wrong token or with nonsense is ended", async () => {
  const page = await visit(browser, rig);
  const endOf = (first: string) =>
    page.evaluate((text) => {
      const { promise, resolve } = Promise.withResolvers<number>();
      const socket = new WebSocket(`ws://${location.host}/socket`);
      socket.addEventListener("open", () => socket.send(text));
      socket.addEventListener("close", ({ code }) => resolve(code));
      return promise;
    }, first);
  expect(await endOf(JSON.stringify({ type: "hello", token: "guessed", tab: "t" }))).toBe(4401);
  expect(await endOf(JSON.stringify({ type: "press", id: "12345678", message: "m", action: "a" }))).toBe(4401);
  expect(await endOf("{")).toBe(1008);
  expect(await endOf(JSON.stringify({ type: "become", account: "ben", extra: 1 }))).toBe(1008);
  expect([1006, 1009]).toContain(await endOf("x".repeat(70_000)));
  expect(rig.bot.handled).toEqual([]);
});

test("a page on another port of the same machine can neither read, press nor frame", async () => {
  const actions = [{ id: "approve-1", label: "Approve", command: "confirm approve", args: {} }];
  await rig.console.courier.post(place, outgoing(card("flatten: waiting", { actions }), "request"));
  const visitor = await visit(browser, rig);
  await visitor.getByRole("button", { name: "Approve" }).waitFor();
  const evil = createServer((_request, response) => {
    response.setHeader("content-type", "text/html").end("<!doctype html><title>elsewhere</title>");
  });
  await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
  try {
    const page = await visitor.context().newPage();
    await page.goto(`http://127.0.0.1:${addressOf(evil.address()).port}/`);
    const outcome = await page.evaluate(attack, rig.url);
    expect(outcome).toEqual({
      session: "refused",
      posted: "refused",
      socket: "refused",
      script: "refused",
      frame: "empty",
    });
    expect(rig.bot.handled).toEqual([]);
  } finally {
    evil.close();
  }
});

/** Runs in the attacking page. */
async function attack(target: string) {
  const tried = (work: Promise<unknown>) =>
    work.then(
      () => "allowed",
      () => "refused",
    );
  const element = (tag: "script" | "iframe", url: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<HTMLElement>();
    const made = document.createElement(tag);
    made.addEventListener("load", () => resolve(made));
    made.addEventListener("error", () => reject(new Error("refused")));
    made.src = url;
    document.body.append(made);
    return promise;
  };
  const socket = () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const line = new WebSocket(`${target.replace("http", "ws")}socket`);
    line.addEventListener("open", () => resolve());
    line.addEventListener("error", () => reject(new Error("refused")));
    return promise;
  };
  const frame = await element("iframe", target);
  const readable = frame instanceof HTMLIFrameElement && frame.contentDocument?.querySelector("#app");
  return {
    session: await tried(fetch(`${target}session`, { credentials: "include" })),
    posted: await tried(fetch(`${target}session`, { method: "POST", credentials: "include" })),
    socket: await tried(socket()),
    script: await tried(element("script", `${target}assets/main.js`)),
    frame: readable ? "readable" : "empty",
  };
}

function addressOf(address: string | AddressInfo | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("no port");
  return address;
}

test("every answer carries the strict headers", async () => {
  const { headers } = await knock("/");
  const policy = String(headers["content-security-policy"]);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*/);
  expect(headers).toMatchObject({
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
  });
  const cookie = String((await knock("/session")).headers["set-cookie"]);
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
});

test("nothing but the page's own files can be asked for", async () => {
  for (const path of ["/assets/../register-console.ts", "/assets/%2e%2e/wire.ts", "/assets/lit-html/package.json"]) {
    expect({ path, status: (await knock(path)).status }).toEqual({ path, status: 404 });
  }
});

test("a file needs the cookie and is never a page of ours", async () => {
  const files = [
    { name: 'a"\r\n.html', mediaType: "text/html", bytes: Buffer.from("<script>1</script>") },
    { name: "b.svg", mediaType: "image/svg+xml", bytes: Buffer.from("<svg onload='1'/>") },
  ];
  const blocks = files.map(({ name }) => ({ kind: "file", file: name }) as const);
  const page = await visit(browser, rig);
  await rig.console.courier.post(
    place,
    outgoing(card("Files", { blocks: [...blocks, { kind: "file", file: "b.svg" }] }), "f", { files }),
  );
  const path = await page.getByRole("link", { name: "b.svg" }).first().getAttribute("href");
  const { cookie } = await session();
  expect((await knock(path ?? "")).status).toBe(401);
  const served = await knock(path ?? "", { cookie });
  expect(served.headers["content-type"]).toBe("application/octet-stream");
  expect(served.headers["content-disposition"]).toMatch(/^attachment; filename="b.svg"/);
  expect(served.headers["content-security-policy"]).toContain("sandbox");
});

test("hostile text is shown as text and moves nothing", async () => {
  const page = await visit(browser, rig);
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("dialog", (dialog) => void dialog.dismiss().then(() => problems.push("a dialog opened")));
  const html = `<img src=x onerror="alert(1)"><script>alert(2)</script>`;
  const bidi = "safe\u202Egnp.exe\u200Bx";
  const blocks = [
    { kind: "text", text: html },
    { kind: "code", text: `\`\`\`${"`".repeat(4_096)}\n${bidi}` },
    { kind: "fields", fields: [{ name: bidi, value: html }] },
    { kind: "table", columns: [{ title: html }], rows: [[html], [{ text: bidi, tone: "bad" }]] },
    { kind: "list", items: [{ text: html }] },
  ] as const;
  await rig.console.courier.post(place, outgoing(card(html, { summary: bidi, blocks, footer: html }), "hostile"));
  await page.locator(".card-title", { hasText: html }).waitFor();
  expect(await page.locator("#flow img, #flow script").count()).toBe(0);
  const shown = (await page.locator("#flow").textContent()) ?? "";
  expect(shown).toContain("`".repeat(4_099));
  expect(shown).toContain("safe⟨U+202E⟩gnp.exe⟨U+200B⟩x");
  expect(shown).not.toMatch(/[\u202E\u200B]/u);
  expect(problems).toEqual([]);
});

test("a page that sends too much is slowed down and told so", async () => {
  const page = await visit(browser, rig);
  const { token } = await session();
  const frames = await page.evaluate((mine) => {
    const { promise, resolve } = Promise.withResolvers<string[]>();
    const seen: string[] = [];
    const socket = new WebSocket(`ws://${location.host}/socket`);
    socket.addEventListener("open", () => {
      socket.send(JSON.stringify({ type: "hello", token: mine, tab: "flood" }));
      for (let i = 0; i < 200; i++) socket.send(JSON.stringify({ type: "read", channel: "C-ops", touched: 1 }));
    });
    socket.addEventListener("message", ({ data }) => {
      seen.push(String(data));
      if (String(data).includes("Too much at once")) resolve(seen);
    });
    return promise;
  }, token);
  expect(frames.length).toBeLessThan(100);
});
