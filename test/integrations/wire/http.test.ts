import { createServer } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { BackendError, isDefiniteRefusal } from "../../../src/domain/failure.ts";
import type { Method } from "../../../src/http/exchange.ts";
import type { Http } from "../../../src/integrations/wire/http.ts";
import { closedUrl, cut, drop, type Handler, hang, json, openBackend, openHttp, page, text } from "../backend.ts";

async function failureOf(call: Promise<unknown>): Promise<BackendError> {
  const error = await call.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (error instanceof BackendError) return error;
  throw error;
}

function change(http: Http, url: string, deadlineMs = 2_000): Promise<unknown> {
  return http.send({ backend: "trader", url, method: "POST", json: { all: true }, deadlineMs });
}

interface End {
  readonly what: string;
  readonly handler: Handler;
  readonly fault: BackendError["fault"];
  /** Certain that nothing happened. */
  readonly certain: boolean;
}

const goElsewhere: Handler = (_request, response) => response.writeHead(303, { location: "/elsewhere" }).end();

const ends: readonly End[] = [
  { what: "400", handler: json({ error: "bad" }, 400), fault: "refused", certain: true },
  { what: "401", handler: json({}, 401), fault: "unauthorised", certain: true },
  { what: "403", handler: json({}, 403), fault: "unauthorised", certain: true },
  { what: "404", handler: json({}, 404), fault: "missing", certain: true },
  { what: "409", handler: json({ error: "already stopped" }, 409), fault: "refused", certain: true },
  { what: "422", handler: json({}, 422), fault: "refused", certain: true },
  { what: "408", handler: json({}, 408), fault: "lost", certain: false },
  { what: "429", handler: json({}, 429), fault: "overloaded", certain: false },
  { what: "500", handler: json({}, 500), fault: "lost", certain: false },
  { what: "502 with a page", handler: page(502), fault: "lost", certain: false },
  { what: "503", handler: json({}, 503), fault: "overloaded", certain: false },
  { what: "504 with a page", handler: page(504), fault: "lost", certain: false },
  { what: "a redirect", handler: goElsewhere, fault: "nonsense", certain: false },
  { what: "a connection broken after it was sent", handler: drop, fault: "lost", certain: false },
  { what: "a connection broken inside the answer", handler: cut, fault: "lost", certain: false },
];

it.each(ends)("a change that meets $what is $fault, and sent once", async ({ handler, fault, certain }) => {
  const backend = await openBackend(handler);
  const error = await failureOf(change(openHttp(), `${backend.url}/flatten`));
  expect({ fault: error.fault, certain: isDefiniteRefusal(error) }).toEqual({ fault, certain });
  expect(error.message).toContain("POST /flatten");
  expect(backend.calls).toHaveLength(1);
});

it("a change without an answer in time may have happened, and says how long it was waited for", async () => {
  const backend = await openBackend(hang);
  const error = await failureOf(change(openHttp(), `${backend.url}/flatten`, 300));
  expect(error.fault).toBe("lost");
  expect(error.message).toBe(`${backend.host}: POST /flatten gave no answer within 300 ms; it may have taken effect`);
});

it("a change to an address where nobody listens certainly did not happen", async () => {
  const error = await failureOf(change(openHttp(), await closedUrl()));
  expect(error.fault).toBe("unreachable");
  expect(isDefiniteRefusal(error)).toBe(true);
});

it("a change does not use a connection that a read left open, which could die under it", async () => {
  const sockets = new Set<unknown>();
  const backend = await openBackend((request, response) => {
    sockets.add(request.socket);
    json({})(request, response);
  });
  const http = openHttp();
  const read = { backend: "trader", url: backend.url, deadlineMs: 2_000 };
  await http.json(read);
  await http.json(read);
  expect(sockets.size).toBe(1);
  await change(http, backend.url);
  expect(sockets.size).toBe(2);
});

it("reads at the same time do not disturb each other on kept connections", async () => {
  const backend = await openBackend((request, response) => {
    const wanted = Number(new URL(request.url ?? "/", "http://x").searchParams.get("n"));
    if (wanted % 7 === 3) drop(request, response);
    else if (wanted % 7 === 5) page(500)(request, response);
    else json({ n: wanted })(request, response);
  });
  const http = openHttp();
  const told = await Promise.all(
    Array.from({ length: 70 }, async (_, n) => {
      const answer = await http
        .json({ backend: "b", url: `${backend.url}/?n=${n}`, deadlineMs: 5_000 })
        .catch((error: unknown) => error);
      return answer instanceof BackendError
        ? answer.fault
        : answer instanceof Error
          ? "bug"
          : JSON.stringify(answer).includes(`{"n":${n}}`);
    }),
  );
  expect(told).toEqual(told.map((_, n) => (n % 7 === 3 ? "broken" : n % 7 === 5 ? "broken" : true)));
});

it("a kept connection that the target closed meanwhile is no failure", async () => {
  const backend = await openBackend((request, response) => {
    json({ fine: true })(request, response);
    // The answer says that the connection stays, and then it does not: what an idle timeout looks like from here.
    response.on("finish", () => setImmediate(() => request.socket.destroy()));
  });
  const http = openHttp();
  for (let times = 0; times < 20; times += 1) {
    const { body } = await http.json({ backend: "b", url: backend.url, deadlineMs: 2_000 });
    expect(body).toEqual({ fine: true });
  }
});

it("an error answer whose body breaks off is still that answer", async () => {
  const backend = await openBackend((_request, response) => {
    response.writeHead(409, { "content-type": "application/json", "content-length": "500" });
    response.write('{"error":', () => response.socket?.destroy());
  });
  const error = await failureOf(change(openHttp(), backend.url));
  expect(error).toMatchObject({ fault: "refused", status: 409 });
});

it("the target's own reason is told, masked and on one line", async () => {
  const backend = await openBackend(json({ error: "no:\n api_key=sk_live_abcdefgh12345678 is locked" }, 409));
  const error = await failureOf(change(openHttp(), backend.url));
  expect(error.message).toContain("409 Conflict: no: api_key=");
  expect(error.message).not.toContain("sk_live_abcdefgh12345678");
});

it("a token in the path or the query is told by nobody", async () => {
  const backend = await openBackend(json({}, 500));
  const url = `${backend.url}/hooks/ghp_abcdefghijklmnop1234/post?token=tok-5ecret#part`;
  const error = await failureOf(openHttp().json({ backend: "b", url, deadlineMs: 1_000 }));
  expect(error.message).toBe(`${backend.host}: GET /hooks/[redacted]/post?… answered 500 Internal Server Error`);
  expect(Object.keys(error).filter((key) => JSON.stringify(Reflect.get(error, key))?.includes("5ecret"))).toEqual([]);
});

it("an answer that is too long is given up before its end, however well it is formed", async () => {
  let wentOut = 0;
  const backend = await openBackend((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const chunk = " ".repeat(64 * 1_024);
    const more = (): void => {
      wentOut += chunk.length;
      if (wentOut > 64 * 1_024 * 1_024) response.end("{}");
      else if (!response.destroyed) response.write(chunk, more);
    };
    more();
  });
  const error = await failureOf(
    openHttp().json({ backend: "b", url: backend.url, maxBytes: 200_000, deadlineMs: 20_000 }),
  );
  expect(error).toMatchObject({ fault: "nonsense", message: expect.stringContaining("more than may be read") });
  expect(wentOut).toBeLessThan(64 * 1_024 * 1_024);
});

it("a kept connection on which nothing comes is told as no answer, not as no connection", async () => {
  const backend = await openBackend(json({}));
  const http = openHttp();
  await http.json({ backend: "b", url: backend.url, deadlineMs: 2_000 });
  backend.answer(hang);
  const error = await failureOf(http.json({ backend: "b", url: backend.url, deadlineMs: 300 }));
  expect(error.message).toContain("gave no answer within 300 ms");
});

it("something that is not HTTP is told as such", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end("SSH-2.0-OpenSSH_9.2\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const error = await failureOf(openHttp().json({ backend: "b", url: `http://127.0.0.1:${port}/`, deadlineMs: 2_000 }));
  expect(error.fault).toBe("nonsense");
});

it("a header that cannot be sent is no change", async () => {
  const backend = await openBackend();
  const call = {
    backend: "b",
    url: backend.url,
    method: "POST" as Method,
    headers: { "Idempotency-Key": "two\nlines" },
    deadlineMs: 1_000,
  };
  expect(isDefiniteRefusal(await failureOf(openHttp().send(call)))).toBe(true);
  expect(backend.calls).toEqual([]);
});

it("statuses that are answers to a call are returned", async () => {
  const backend = await openBackend(json({ error: "unknown key" }, 404));
  const call = { backend: "b", url: backend.url, deadlineMs: 1_000 };
  expect((await openHttp().send({ ...call, answers: [404] })).status).toBe(404);
  expect((await failureOf(openHttp().send(call))).fault).toBe("missing");
});

it("every call is counted by backend and outcome, once", async () => {
  const counted: unknown[] = [];
  const backend = await openBackend(text("plain", "text/plain"));
  const http = openHttp({
    meter: { count: (name, labels) => counted.push([name, labels]), observe: () => undefined, gauge: () => undefined },
  });
  const call = { backend: "trader", url: backend.url, deadlineMs: 1_000 };
  await http.text(call);
  await failureOf(http.json(call));
  expect(counted).toEqual([
    ["wardroom_http_calls_total", { backend: "trader", outcome: "ok" }],
    ["wardroom_http_calls_total", { backend: "trader", outcome: "nonsense" }],
  ]);
});
