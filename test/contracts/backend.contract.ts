import { describe, expect, it } from "vitest";
import type { BackendFault } from "../../src/domain/failure.ts";
import type { Log } from "../../src/domain/log.ts";
import type { Reading } from "../../src/domain/systems/reading.ts";
import type { Http } from "../../src/integrations/wire/http.ts";
import {
  type Backend,
  closedUrl,
  cut,
  drop,
  flood,
  type Handler,
  hang,
  json,
  openBackend,
  openHttp,
  page,
  text,
  trickle,
} from "../integrations/backend.ts";

/** One way to read something of a backend. */
export interface BackendReader {
  /** Reads from an address and tells how it went; the address carries credentials and a token. */
  read(http: Http, url: string): Promise<Reading<unknown>>;
  /** An answer that it takes. */
  readonly well: Handler;
  /** Its own deadline, in ms. */
  readonly deadlineMs: number;
}

const secrets = ["hunter2", "tok-5ecret", "page-secret-4711"];

/** The address as a config may have it: a user, a password, and a token in the query. */
function secretUrl(base: string): string {
  return `${base.replace("http://", "http://ops:hunter2@")}/state?token=tok-5ecret`;
}

/** What every integration that reads a backend must do with one that misbehaves. */
export function backendContract(name: string, reader: BackendReader): void {
  describe(`${name} keeps the contract of a backend`, () => {
    const failures: readonly [string, Handler, BackendFault][] = [
      ["a web page in place of data", page(), "nonsense"],
      ["something that does not parse", text("{{{", "application/json"), "nonsense"],
      ["nothing at all", text("", "application/json"), "nonsense"],
      [
        "bytes that are not text",
        (_request, response) => response.end(Buffer.from([0xff, 0xfe, 0x00, 0xc3])),
        "nonsense",
      ],
      ["an answer without an end to it", flood, "nonsense"],
      ["a redirect to another host", redirect("http://login.invalid/?token=tok-5ecret"), "nonsense"],
      ["a redirect in circles", redirect("/again"), "nonsense"],
      ["a broken connection", drop, "broken"],
      ["a connection that breaks inside the answer", cut, "broken"],
      ["400", json({ error: "no" }, 400), "refused"],
      ["401", json({}, 401), "unauthorised"],
      ["403 with a page", page(403), "unauthorised"],
      ["404", json({}, 404), "missing"],
      ["409", json({}, 409), "refused"],
      ["429", json({}, 429), "overloaded"],
      ["500", json({ detail: "password=hunter2 was wrong" }, 500), "broken"],
      ["502 with a page", page(502), "broken"],
      ["503", json({}, 503), "overloaded"],
    ];

    it.each(failures)("%s is a failed reading that tells no secret", async (_what, handler, fault) => {
      const { reading, told, backend } = await readFrom(reader, handler);
      expect(reading).toMatchObject({ ok: false, fault });
      expect(reading.ok ? "" : reading.detail).toContain(backend.host);
      expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
    });

    it("nobody at the address is unreachable, by name", async () => {
      const url = await closedUrl();
      const reading = await reader.read(openHttp(), secretUrl(url));
      expect(reading).toMatchObject({ ok: false, fault: "unreachable" });
      expect(JSON.stringify(reading)).toContain(new URL(url).host);
      expect(JSON.stringify(reading)).not.toContain("hunter2");
    });

    it("a good answer is read, and the credentials of the address are sent as such", async () => {
      let authorization: string | undefined;
      const { reading } = await readFrom(reader, (request, response) => {
        authorization = request.headers.authorization;
        reader.well(request, response);
      });
      expect(reading.ok).toBe(true);
      expect(authorization).toBe(`Basic ${Buffer.from("ops:hunter2").toString("base64")}`);
    });

    it("a connection that broke once is tried once more", async () => {
      let times = 0;
      const { reading, backend } = await readFrom(reader, (request, response) => {
        times += 1;
        if (times === 1) drop(request, response);
        else reader.well(request, response);
      });
      expect(reading.ok).toBe(true);
      expect(backend.calls).toHaveLength(2);
    });

    it("another path of the same host is followed", async () => {
      const { reading, backend } = await readFrom(reader, (request, response) => {
        if (request.url === "/moved") reader.well(request, response);
        else redirect("/moved")(request, response);
      });
      expect(reading.ok).toBe(true);
      expect(backend.calls.map((call) => call.path)).toContain("/moved");
    });
  });
}

/** Deadlines are waited out for all readers at once, or the suite would be as long as their sum. */
export function deadlineContract(readers: Readonly<Record<string, BackendReader>>): void {
  it("a backend that never answers, or never ends its answer, is given up at the deadline by every reader", async () => {
    const waited = await Promise.all(
      Object.entries(readers).flatMap(([name, reader]) =>
        [hang, trickle].map(async (handler) => {
          const started = performance.now();
          const { reading, told } = await readFrom(reader, handler);
          const early = performance.now() - started < reader.deadlineMs - 100;
          return {
            name,
            early,
            fault: reading.ok ? "none" : reading.fault,
            tellsWait: /within \d+(\.\d)? m?s/.test(told),
          };
        }),
      ),
    );
    const wanted = { early: false, fault: "timeout", tellsWait: true };
    expect(waited).toEqual(waited.map(({ name }) => ({ name, ...wanted })));
  });
}

function redirect(location: string): Handler {
  return (_request, response) => {
    response.writeHead(302, { location });
    response.end();
  };
}

async function readFrom(
  reader: BackendReader,
  handler: Handler,
): Promise<{ reading: Reading<unknown>; told: string; backend: Backend }> {
  const backend = await openBackend(handler);
  const lines: unknown[] = [];
  const http = openHttp({ log: keepingLog(lines), meter: { count: keep, observe: keep, gauge: keep } });
  function keep(...said: readonly unknown[]): void {
    lines.push(said);
  }
  const reading = await reader.read(http, secretUrl(backend.url));
  return { reading, told: JSON.stringify([reading, lines]), backend };
}

function keepingLog(lines: unknown[]): Log {
  const keep = (...said: readonly unknown[]): void => void lines.push(said);
  return { debug: keep, info: keep, warn: keep, error: keep, child: () => keepingLog(lines) };
}
