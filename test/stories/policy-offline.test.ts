import { execFile } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { demoVariables } from "../../demo/variables.ts";
import { adoptPolicy } from "../../src/acts/people/adopt-policy.ts";
import { showSubject } from "../../src/cards/subjects.ts";
import { configOrRefuse, inClone, placeOf } from "../../src/compose/config.ts";
import { ownState } from "../../src/compose/state-owner.ts";
import { policyReader } from "../../src/reads/policy-in-force.ts";
import { readSubject } from "../../src/reads/subject.ts";
import { readNotice } from "../../src/records/notice.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { layDemoFiles } from "./demo-files.ts";

const run = promisify(execFile);

/** A config of our own in force in a state folder, whose people file was edited since. */
async function edited() {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-offline-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [config, state] = [join(folder, "config"), join(folder, "state")];
  for (const each of [config, state]) mkdirSync(each);
  layDemoFiles(config);
  const wardroom = join(config, "wardroom.yaml");
  appendFileSync(wardroom, "\ndemoSystems: true\n");
  const open = () => openSqliteStore({ path: join(state, "wardroom.db") });
  const store = open();
  const read = await configOrRefuse(placeOf(config), demoVariables);
  await adoptPolicy(store, read.config.policy, { how: "first" });
  await store.close();
  const people = join(config, "people.yaml");
  writeFileSync(people, readFileSync(people, "utf8").replace("name: Dana", "name: Dana Scully"));
  const wardroomCli = async (...args: string[]) => {
    const env = { PATH: process.env["PATH"] ?? "", WARDROOM_CONFIG: config, WARDROOM_STATE: state, PORT: "0" };
    return (await run(process.execPath, [inClone("bin/wardroom.js"), ...args], { env })).stdout;
  };
  const cli = (...args: string[]) => wardroomCli("policy", ...args);
  return { open, cli, wardroomCli, state };
}

it("whoever may write the store says what rules when nobody else can, on record and told to the operators", async () => {
  const { open, cli } = await edited();
  const differs = await cli("diff");
  expect(differs).toContain('people: dana: name: was "Dana", is "Dana Scully"');
  expect(differs).toContain("Nobody's rights, accounts or places become more or fewer");
  expect(differs).toContain("May agree to this: Boris (boris), Chen (chen).");
  await expect(cli("adopt")).rejects.toMatchObject({ stderr: expect.stringContaining("policy adopt takes --offline") });
  expect(await cli("adopt", "--offline")).toContain('people: dana: name: was "Dana", is "Dana Scully"');
  expect(await cli("diff")).toContain("are those in force");

  const store = open();
  onTestFinished(() => store.close());
  expect((await policyReader(store)()).people.map(({ name }) => name)).toContain("Dana Scully");
  const entries = (await store.journal({ limit: 50 })).flatMap((link) => link.entries);
  expect(entries).toContainEqual(
    expect.objectContaining({
      kind: "policy.adopted",
      how: "offline",
      who: { person: null, account: `os:${userInfo().username}` },
      changes: ['people: dana: name: was "Dana", is "Dana Scully"'],
    }),
  );
  const [owed] = await store.claim("notices/console", { leaseMs: 1_000, limit: 5 });
  if (!owed) throw new Error("nothing is owed to the operators");
  const notice = readNotice(owed);
  expect(notice.place).toEqual({ surface: "console", channel: "ops" });
  const data = notice.subject && (await readSubject(store, notice.subject));
  const card = data && showSubject(data).card;
  expect(card?.title).toBe("Other people and rules are in force, and no two people agreed to them");
  expect(card?.summary).toContain(userInfo().username);
});

it("doctor warns where edits need nobody's yes, and has the names of those whose yes they need", async () => {
  const { open, wardroomCli } = await edited();
  const doctor = (): Promise<string> =>
    wardroomCli("doctor").catch((error: unknown) =>
      error instanceof Error && "stdout" in error ? String(error.stdout) : "",
    );
  expect(await doctor()).toContain("✓ A change of them takes two of Boris (boris), Chen (chen)");
  const store = open();
  const rules = await policyReader(store)();
  const alone = { ...rules, revision: "alone", people: rules.people.filter(({ id }) => id !== "chen") };
  await adoptPolicy(store, alone, { how: "offline", user: "maria" });
  await store.close();
  expect(await doctor()).toContain(
    "! Only Boris (boris) decides on people and rules: edits of the files come into force with nobody's yes\n      → Give two people the right to approve for wardroom",
  );
});

it("is refused while a bot runs on the state folder: there are people to ask", async () => {
  const { cli, state } = await edited();
  const running = ownState({ stateFolder: state, production: true });
  onTestFinished(() => running.release());
  await expect(cli("adopt", "--offline")).rejects.toMatchObject({
    stderr: expect.stringContaining("Another Wardroom runs on"),
  });
  expect(await cli("diff")).toContain("differ from those in force");
});

it("takes the place of people and rules that cannot be read, without which nothing starts", async () => {
  const { open, cli, wardroomCli } = await edited();
  const damaged = open();
  await damaged.commit({ id: "damage", put: [{ key: "policy/current", value: { format: 99 } }] });
  await damaged.close();
  await expect(wardroomCli("start")).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/the record policy\/current cannot be read.*policy adopt --offline/s),
  });
  expect(await cli("adopt", "--offline")).toContain("What was in force before could not be read");
  const store = open();
  onTestFinished(() => store.close());
  expect((await policyReader(store)()).people.map(({ name }) => name)).toContain("Dana Scully");
});

it("a lock that cannot be read is named by doctor with what frees it, and freed by that alone", async () => {
  const { open, wardroomCli } = await edited();
  await expect(wardroomCli("doctor", "--free-lock", "alphapulse")).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("The lock of alphapulse can be read, or nothing was ever held there"),
  });
  await expect(wardroomCli("doctor", "--free")).rejects.toMatchObject({
    stderr: expect.stringContaining("--free-lock"),
  });
  const damaged = open();
  await damaged.commit({ id: "damage", put: [{ key: "lock/alphapulse", value: { format: 99 } }] });
  await damaged.close();
  await expect(wardroomCli("doctor")).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/✗ The record lock\/alphapulse cannot be read.*doctor --free-lock alphapulse/s),
  });
  expect(await wardroomCli("doctor", "--free-lock", "alphapulse")).toContain(
    "The lock of alphapulse was written anew: nothing is under way there.",
  );
  await expect(wardroomCli("doctor")).rejects.toMatchObject({ stdout: expect.not.stringContaining("cannot be read") });
});
