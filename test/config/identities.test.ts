import { expect, it } from "vitest";
import { proofsOf } from "../../src/domain/systems/identities.ts";
import { edited, goodConfig, linesOfText, system, variables } from "./config-folder.ts";

const note = "{ id: note, title: Note, note: Done by hand }";
const ofSystem = 'identity: { http: "${RADAR_URL}/id", expect: { /name: radar } }\n';
const more = { ...variables, RADAR_TOKEN: "tulip-Value-0123456789" };

/** Radar with one backend, one step of its restart, and no proof of the system as a whole. */
function radar(backend: string, step: string): string {
  const changed = edited(edited(system, "health:\n", `backends:\n  it: ${backend}\nhealth:\n`), note, step);
  return edited(edited(changed, ofSystem, ""), /\{ id: wipe,.*\}/.exec(system)?.[0] ?? "", note);
}

interface Kind {
  readonly kind: string;
  readonly connection: string;
  readonly step: string;
  readonly identity: string;
  readonly spec: object;
}

const kinds: readonly Kind[] = [
  {
    kind: "http",
    connection: '{ base: "${RADAR_URL}" }',
    step: "{ id: go, title: Go, http: { method: POST, url: { backend: it, path: /go }, probe: { backend: it, path: /go } } }",
    identity: "{ path: /health, expect: { /system: radar } }",
    spec: { http: { base: variables.RADAR_URL, path: "/health" }, expect: { "/system": "radar" }, credential: false },
  },
  {
    kind: "kubernetes",
    connection: "{ namespace: shop }",
    step: "{ id: go, title: Go, kubernetes: { backend: it, restart: { deployment: api } } }",
    identity: "{ expect: { namespace: 6f1c } }",
    spec: { kubernetes: { namespace: "shop", expect: { namespace: "6f1c" } } },
  },
  {
    kind: "compose",
    connection: "{ project: radar, files: [compose.yml], cwd: /srv/radar }",
    step: "{ id: go, title: Go, compose: { backend: it, stop: web } }",
    identity: "{ label: system, value: radar }",
    spec: { compose: expect.objectContaining({ project: "radar", label: "system", value: "radar" }) },
  },
  {
    kind: "exec",
    connection: "{ cwd: /srv/radar }",
    step: "{ id: go, title: Go, exec: { backend: it, command: [./go.sh], receipt: /var/lib/receipts } }",
    identity: "{ file: SYSTEM, is: radar }",
    spec: { exec: expect.objectContaining({ cwd: "/srv/radar", file: "SYSTEM", is: "radar" }) },
  },
];

it.each(kinds)(
  "a change through $kind without a proof of who answers is refused, and taken with one",
  async ({ kind, connection, step, identity, spec }) => {
    const without = await linesOfText(
      { "systems/radar.yaml": radar(`{ ${kind}: ${connection} }`, step) },
      { variables: more },
    );
    expect(without).toEqual([
      expect.stringMatching(
        /^systems\/radar\.yaml:4:3: backends\.it: restart changes something through this backend, and nothing proves which system answers there\. Write beside `\w+` what proves it, as `identity: \{ .* \}`, or `identity: \{ none: "<why nothing can>" \}`\.$/,
      ),
    ]);
    const proven = radar(`{ ${kind}: ${connection}, identity: ${identity} }`, step);
    const { systems } = await goodConfig({ "systems/radar.yaml": proven }, { variables: more });
    const [found] = systems;
    if (!found) throw new Error("the config has no system");
    expect(found.operations["restart"]?.through).toEqual(["it"]);
    expect(found.operations["wipe"]?.through).toBeUndefined();
    expect(proofsOf(found, ["it"])).toEqual([{ of: "the backend it", source: { backend: kind, spec } }]);
    expect(proofsOf(found, [])).toEqual([]);
  },
);

it("what a step reaches by itself is declared, and proves itself as well", async () => {
  const shell =
    "{ id: go, title: Go, reaches: [k8s], exec: { backend: it, command: [./go.sh], receipt: /var/lib/receipts } }";
  const folder = "{ exec: { cwd: /srv/radar }, identity: { file: SYSTEM, is: radar } }";
  const proof = "identity: { expect: { namespace: 6f1c } }";
  const files = (k8s: string) => ({ "systems/radar.yaml": radar(`${folder}${k8s}`, shell) });
  expect(await linesOfText(files(""))).toEqual([
    expect.stringMatching(/steps\[0\]\.reaches\[0\]: there is no backend called `k8s`\. Known: it\.$/),
  ]);
  const cluster = "\n  k8s: { kubernetes: { namespace: shop }";
  expect(await linesOfText(files(`${cluster} }`))).toEqual([
    expect.stringMatching(/backends\.k8s: restart changes something through this backend, and nothing proves/),
  ]);
  const { systems } = await goodConfig(files(`${cluster}, ${proof} }`));
  const found = systems[0]?.operations["restart"];
  expect(found?.through).toEqual(["it", "k8s"]);
  expect(found?.steps[0]?.through).toEqual(["it", "k8s"]);
  expect(systems[0]?.operations["wipe"]?.through).toBeUndefined();
});

const [{ connection, step } = { connection: "", step: "" }] = kinds;

it("that nothing can prove it is said with a reason", async () => {
  const said = (none: string) =>
    linesOfText({ "systems/radar.yaml": radar(`{ http: ${connection}, identity: { none: ${none} } }`, step) });
  expect(await said("it stands behind no address of its own")).toEqual([]);
  expect((await said('""')).join("\n")).toContain("backends.it.identity");
});

it("what only reads asks for no proof, and the system's own covers what it asks", async () => {
  const quiet = '{ id: go, title: Go, watch: { json: { url: { backend: it, path: /go } }, is: "value == 1" } }';
  expect(await linesOfText({ "systems/radar.yaml": radar(`{ http: ${connection} }`, quiet) })).toEqual([]);
  const covered = `identity: { http: { backend: it, path: /id }, expect: { /name: radar } }\n${radar(`{ http: ${connection} }`, step)}`;
  expect(await linesOfText({ "systems/radar.yaml": covered })).toEqual([]);
});

it("a step that says itself how its target is reached is refused where the system proves nothing", async () => {
  const [line] = await linesOfText({ "systems/radar.yaml": edited(system, ofSystem, "") });
  expect(line).toMatch(
    /operations\.wipe\.steps\[0\]: this step changes something, and nothing proves which system answers at its address\. Declare how it is reached below `backends`/,
  );
});

it("a proof that says neither the one nor the other is refused", async () => {
  const shell = "{ id: go, title: Go, exec: { backend: it, command: [./go.sh], receipt: /var/lib/receipts } }";
  for (const [kind, at, identity, says] of [
    ["exec", "{ cwd: /srv/radar }", "{ is: radar }", "say a `file`, or a `command`"],
    ["exec", "{ cwd: /srv/radar }", "{ file: SYSTEM, json: /a, is: radar }", "say a `file`, or a `command`"],
    ["compose", "{ project: radar, files: [a.yml], cwd: /srv }", "{ label: system }", "say `madeFrom: files`"],
    ["git", "{ folder: /srv/radar }", "{ path: /health }", "identity"],
  ] as const) {
    const lines = await linesOfText({
      "systems/radar.yaml": radar(
        `{ ${kind}: ${at}, identity: ${identity} }`,
        shell.replace("exec: { backend: it,", "exec: { cwd: /srv,"),
      ),
    });
    expect(lines.join("\n")).toContain(says);
  }
});
