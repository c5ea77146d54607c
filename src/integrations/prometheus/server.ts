import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import { ExactNumber } from "../../domain/systems/exact.ts";
import { HttpConnection } from "../../domain/systems/http-connection.ts";
import type { Look } from "../../domain/systems/reading.ts";
import { redact } from "../../domain/text/redact.ts";
import { addressOf } from "../wire/address.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { Http } from "../wire/http.ts";

const Named = z.strictObject({ backend: z.string() });
const Server = z.union([Named, HttpConnection]);
type Server = z.output<typeof Server>;

/** What is asked of a Prometheus: one of the system's backends by its name, or one that is described where it is asked. */
export function ofServer<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.union([Named.extend(shape), HttpConnection.extend(shape)]);
}

/** More series than this are nothing that a person or a condition looks through. */
export const mostSeries = 1_000;

const Time = z.union([z.number(), ExactNumber.transform(({ exactly }) => Number(exactly))]);
/** A moment in seconds since 1970, and the number as text: JSON has no NaN and no infinity. */
const Point = z.tuple([Time, z.string()]);
export type Point = z.output<typeof Point>;
const Labels = z.record(z.string(), z.string());
export type Labels = z.output<typeof Labels>;

/** Labels that something has to carry: all of them, each with exactly this value. */
export const LabelValues = z
  .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "a label is letters, digits and _"), z.string())
  .refine((labels) => Object.keys(labels).length > 0, "name at least one label");

const Result = z.discriminatedUnion("resultType", [
  z.object({ resultType: z.enum(["scalar", "string"]), result: Point }),
  z.object({
    resultType: z.literal("vector"),
    result: z.array(z.object({ metric: Labels, value: Point.optional() })),
  }),
  z.object({
    resultType: z.literal("matrix"),
    result: z.array(z.object({ metric: Labels, values: z.array(Point).optional() })),
  }),
]);
export type Result = z.output<typeof Result>;

/** What is asked of it: a path of its API, and the parameters. */
export interface Asked {
  readonly path: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** The address of something that is asked. The parameters are encoded, so that nothing in them refers to a variable. */
export function endpointOf(server: Server, { path, parameters = {} }: Asked): Endpoint {
  const pairs = Object.entries(parameters).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  const whole = pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
  return "backend" in server ? { backend: server.backend, path: whole } : { ...server, path: whole };
}

/** An answer as it came. `doubts`: the server's own words, masked, on why it may not be the whole or not what was meant. */
interface Answer<Data> {
  readonly data: Data;
  readonly at: number;
  readonly doubts: readonly string[];
}

/** The data of an answer, in the shape that is asked for. Throws BackendError. */
async function answerOf<Data>(
  http: Http,
  url: Endpoint,
  schema: z.ZodType<Data>,
  { system, deadlineMs }: Look,
): Promise<Answer<Data>> {
  const answer = await http.json({ backend: system, url, deadlineMs });
  const texts = z.array(z.string()).default([]);
  const body = z
    .object({ status: z.literal("success"), data: schema, warnings: texts, infos: texts })
    .safeParse(answer.body).data;
  if (!body) throw fault(url, "nonsense", "answered with something that Prometheus does not answer with");
  const doubts = body.warnings.map((warning) => redact(warning).slice(0, 160));
  return { data: body.data, at: answer.at, doubts };
}

/** As `answerOf`, and an answer with a warning is an error: what is computed of a part only looks like the whole. */
export async function dataOf<Data>(
  http: Http,
  url: Endpoint,
  schema: z.ZodType<Data>,
  look: Look,
): Promise<Omit<Answer<Data>, "doubts">> {
  const { data, at, doubts } = await answerOf(http, url, schema, look);
  if (doubts.length > 0) throw doubtful(url, doubts);
  return { data, at };
}

function doubtful(url: Endpoint, [first = ""]: readonly string[]): BackendError {
  return fault(url, "missing", `is not sure of its answer: ${first}`);
}

/** The moments that a course is asked at: seconds since 1970, and the seconds between two. */
export interface Grid {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** What is asked of a server: a query, now or at the moments of a grid. */
interface Evaluation {
  readonly server: Server & { readonly query: string };
  readonly grid?: Grid;
}

/** What a query gives, and the server's doubts beside it. Throws BackendError. */
export async function evaluateInDoubt(
  http: Http,
  { server, grid }: Evaluation,
  look: Look,
): Promise<{ readonly result: Result; readonly url: Endpoint } & Omit<Answer<unknown>, "data">> {
  const url = endpointOf(server, {
    path: grid ? "/api/v1/query_range" : "/api/v1/query",
    parameters: {
      query: server.query,
      // It stops then, too, and computes for nobody no longer.
      timeout: `${look.deadlineMs}ms`,
      ...(grid && { start: String(grid.start), end: String(grid.end), step: String(grid.step) }),
    },
  });
  const { data, at, doubts } = await answerOf(http, url, Result, look);
  const count = data.resultType === "vector" || data.resultType === "matrix" ? data.result.length : 1;
  if (count > mostSeries)
    throw fault(url, "nonsense", `gave ${count} series, more than ${mostSeries}: sum them, or ask for fewer`);
  return { result: data, at, url, doubts };
}

/** What a query gives, for what rests on it: a doubt of the server's is an error. Throws BackendError. */
export async function evaluate(
  http: Http,
  evaluation: Evaluation,
  look: Look,
): Promise<{ readonly result: Result; readonly at: number; readonly url: Endpoint }> {
  const { result, at, url, doubts } = await evaluateInDoubt(http, evaluation, look);
  if (doubts.length > 0) throw doubtful(url, doubts);
  return { result, at, url };
}

/** What is wrong with what a query gave, host first. */
export function fault(url: Endpoint, kind: "nonsense" | "missing" | "unwell", said: string): BackendError {
  const { host, path } = addressOf(url);
  return new BackendError(host, { fault: kind, detail: `GET ${path} ${said}`, reason: said });
}

/** `a="x", b="y"`: what tells a series from others; empty where nothing does. */
export function seriesName(labels: Labels): string {
  return Object.entries(labels)
    .filter(([name]) => name !== "__name__")
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(", ");
}
