import { expect, it } from "vitest";
import { edited, linesOf, system } from "./config-folder.ts";

const stack = "{ project: radar, files: [a.yml], cwd: /srv/radar }";
const none = "identity: { none: there is but this one }";

/** What `check` says of a system whose one part is called `scaled`, with these steps in an operation that takes `service`. */
async function told(scaled: string, ...steps: readonly string[]): Promise<string[]> {
  const all = steps.map((step, at) => `{ id: s${at}, title: S, compose: { backend: stack, ${step} } }`);
  const operations = `
  size:
    summary: Change how many run
    risk: change
    arguments:
      service: { type: text, title: Service, max: 40 }
      part: { type: choice, title: Part, choices: [web, jobs] }
      n: { type: integer, title: Containers }
    steps: [{ id: said, title: S, note: "{service} {part} {n}" }, ${all.join(", ")}]
`;
  const radar = edited(system, "health:\n", `backends: { stack: { compose: ${stack}, ${none} } }\nhealth:\n`);
  const named = edited(
    radar,
    'api, http: "${RADAR_URL}/health" }',
    `api, http: "\${RADAR_URL}/health", scaled: ${scaled} }`,
  );
  const lines = await linesOf({ "systems/radar.yaml": edited(named, "operations:\n", `operations:${operations}`) });
  return lines.filter((line) => !line.includes("warning: "));
}

const gateway = "stop: gateway";
const any = 'stop: "{service}"';

it.each([
  ["compose service gateway", [gateway]],
  ["compose service web", ['restart: "{part}"']],
  ["compose service jobs", ['scale: { "{part}": "{n}" }']],
  ["compose service gateway", [any]],
  ["compose service overlay", [any, gateway]],
  ["compose service worker2", [any, "stop: worker1"]],
])("%s is known to steps that say %j", async (scaled, steps) => {
  expect(await told(scaled, ...steps)).toEqual([]);
});

it.each([
  ["compose service gatway", [gateway], "Did you mean `compose service gateway`?"],
  ["compose servce gateway", [any], "Known: none."],
  ["compose service gatway", [any, gateway], "Did you mean `compose service gateway`?"],
  ["compose service wbe", ['restart: "{part}"'], "Did you mean `compose service web`?"],
  ["deployment api", [gateway], "Known: compose service gateway."],
])("%s is no name to steps that say %j, and is told where it stands", async (scaled, steps, remedy) => {
  const [line = "", ...others] = await told(scaled, ...steps);
  expect(others).toEqual([]);
  expect(line).toMatch(/systems\/radar\.yaml:5:\d+.*health\[0\]\.scaled/);
  expect(line).toContain(`no step of radar scales, stops or starts anything called \`${scaled}\``);
  expect(line).toContain(remedy);
});

it("two parts that are named almost alike are both known", async () => {
  const named = (scaled: string) =>
    told(`${scaled} }\n  - { id: other, http: "\${RADAR_URL}/o", scaled: compose service webs`, any, "stop: web");
  expect(await named("compose service web")).toEqual([]);
});
