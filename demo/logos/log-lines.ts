import type { Random } from "../random.ts";

const people = ["mira", "jonas", "ada", "ci-runner"] as const;
const agents = ["logos-cli/2.4.1", "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0", "python-requests/2.32.3"] as const;
const requests = [
  ["POST", "/v1/proofs"],
  ["POST", "/v1/proofs"],
  ["GET", "/v1/proofs/4711"],
  ["GET", "/v1/health"],
  ["DELETE", "/v1/proofs/4711"],
] as const;

/** A request as the gateway logs it: what the manual's audit list asks for. Whoever did not sign in has no user. */
function requestLine(random: Random): string {
  const [method, path] = random.pick(requests);
  const failed = random.chance(0.02);
  const refused = !failed && random.chance(0.04);
  const status = failed ? 500 : refused ? random.pick([401, 404, 429] as const) : method === "POST" ? 201 : 200;
  return JSON.stringify({
    level: failed ? "error" : refused ? "warning" : "info",
    message: `${method} ${path} ${status}`,
    ...(path !== "/v1/health" && status !== 401 && { user: random.pick(people) }),
    method,
    path,
    status,
    duration_ms: Math.round(20 + 90 * -Math.log(1 - random.next())),
    client_ip: `203.0.113.${Math.floor(random.between(2, 60))}`,
    user_agent: random.pick(agents),
  });
}

function workLine(service: string, random: Random): string {
  const ms = Math.round(30 + 120 * -Math.log(1 - random.next()));
  if (random.chance(0.02))
    return JSON.stringify({ level: "error", message: `${service}: a proof was given up`, ms, reason: "depth" });
  return JSON.stringify({ level: "info", message: `${service}: a proof is finished`, ms, proof: random.hex(8) });
}

/** What a container prints at a moment, with the time at which the engine took it. */
export function containerLine(service: string, at: number, random: Random): string {
  const stamp = new Date(at).toISOString().replace("Z", "000000Z");
  return `${stamp} ${service === "gateway" ? requestLine(random) : workLine(service, random)}`;
}
