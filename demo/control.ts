import { z } from "zod";
import { Fault } from "./fault.ts";
import type { Answer, Call, DemoService } from "./service.ts";

/** What `/_demo` takes on every service. Any service of a system switches any other, so one that is down can be healed. */
const Switch = z.strictObject({
  /** Name of the service; the one that was called when left out. */
  service: z.string().optional(),
  /** null heals. */
  fault: Fault.nullable(),
  /** Heals by itself after so long. */
  forSeconds: z.number().min(0.1).max(86_400).optional(),
});

export interface Controls {
  /** Every service of the system. */
  readonly services: () => readonly DemoService[];
  /** What else this system can be told: a zod schema and what to do with it. */
  readonly scene: (body: unknown) => { readonly told: object } | { readonly wrong: string };
  /** Shown by GET: the state, and examples to copy. */
  readonly describe: () => object;
}

type ControlAnswer = Answer & { readonly after?: () => Promise<void> };

/** The handler of `/_demo` on the service of that name. */
export function createControl(name: string, controls: Controls): (call: Call) => Promise<ControlAnswer> {
  return async (call) => {
    if (call.method === "GET") return { status: 200, body: describe(controls) };
    if (call.method !== "POST") return { status: 405, body: { error: "GET or POST" } };
    const asSwitch = isRecord(call.body) && "fault" in call.body;
    if (!asSwitch) {
      const scene = controls.scene(call.body);
      return "told" in scene ? { status: 200, body: scene.told } : { status: 400, body: { error: scene.wrong } };
    }
    const parsed = Switch.safeParse(call.body);
    if (!parsed.success) return { status: 400, body: { error: z.prettifyError(parsed.error) } };
    const wanted = parsed.data.service ?? name;
    const service = controls.services().find((each) => each.name === wanted);
    if (!service) {
      const names = controls.services().map((each) => each.name);
      return { status: 404, body: { error: `no service ${wanted}; there are ${names.join(", ")}` } };
    }
    return switchOn(service, parsed.data);
  };
}

async function switchOn(service: DemoService, wanted: z.output<typeof Switch>): Promise<ControlAnswer> {
  const { fault, forSeconds } = wanted;
  const answer = { status: 200, body: { service: service.name, fault, forSeconds: forSeconds ?? null } };
  if (!fault) {
    await service.heal();
    return answer;
  }
  if (forSeconds !== undefined) healLater(service, fault, forSeconds);
  // A service that is to close may be the one that answers this call.
  if (fault.kind === "down") return { ...answer, after: () => service.fail(fault) };
  await service.fail(fault);
  return answer;
}

function healLater(service: DemoService, fault: Fault, seconds: number): void {
  const heal = (): void => {
    // A later switch is not this one's to undo.
    if (service.fault === fault) service.heal().catch(() => undefined);
  };
  setTimeout(heal, seconds * 1_000).unref();
}

function describe(controls: Controls): object {
  const services = controls.services().map((service) => ({
    service: service.name,
    url: service.url,
    listening: service.isListening,
    fault: service.fault ?? null,
  }));
  return { services, ...controls.describe() };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
