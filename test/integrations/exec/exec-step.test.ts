import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { isRunning, scriptFolder } from "../process/scripts.ts";
import { script, stepOf } from "./step.ts";

describe("a program as a step", () => {
  it("gets each argument as one word, and its last lines are told", async () => {
    const { cwd } = script('#!/bin/sh\nfor each; do echo "<$each>"; done\n');
    const { step, run } = stepOf(
      { cwd, command: ["./do.sh", "--full", "{id}", "--note={note}"] },
      { id: "a b'$(id)`;", note: "-x\ny" },
    );
    expect(step.description).toBe(`./do.sh --full "a b'$(id)\`;" "--note=-x\\ny" in ${cwd}`);
    expect(await run()).toEqual({
      outcome: "done",
      detail: "exit code 0: <--full> / <a b'$(id)`;> / <--note=-x / y>",
    });
  });

  it("has the variables that its backend names, its own, and the key of the step", async () => {
    vi.stubEnv("HOUSE", "red");
    vi.stubEnv("PRSM_DB", "from-the-environment");
    const { cwd } = script('#!/bin/sh\necho "$HOUSE|$PLAIN|$DB|$WARDROOM_KEY|$HOME"\n');
    const set = { PLAIN: "as written", DB: "env:PRSM_DB" };
    const { step, run } = stepOf({ cwd, env: ["HOUSE"], set, command: ["./do.sh"] });
    expect(JSON.stringify(step)).not.toContain("from-the-environment");
    expect(await run()).toEqual({ outcome: "done", detail: "exit code 0: red|as written|[redacted]|req/s|" });
    vi.unstubAllEnvs();
  });

  it("is not started where a variable that it needs is not set", async () => {
    const { cwd } = script("#!/bin/sh\n");
    expect(await stepOf({ cwd, set: { DB: "env:NOT_SET_HERE" }, command: ["./do.sh"] }).run()).toEqual({
      outcome: "refused",
      detail: "the variable NOT_SET_HERE is not set: set it in the bot's environment",
    });
  });

  it("comes to what its exit code means", async () => {
    const { cwd } = script('#!/bin/sh\necho "no disk" >&2\nexit $1\n');
    const end = async (code: string, exits?: object) =>
      (await stepOf({ cwd, command: ["./do.sh", "{code}"], ...(exits && { exits }) }, { code }).run()).outcome;
    expect(await Promise.all(["0", "1"].map((code) => end(code)))).toEqual(["done", "unknown"]);
    const exits = { 2: "refused", 3: "done", other: "refused" };
    expect(await Promise.all(["0", "2", "3", "9"].map((code) => end(code, exits)))).toEqual([
      "done",
      "refused",
      "done",
      "refused",
    ]);
    const { run } = stepOf({ cwd, command: ["./do.sh", "7"] });
    expect(await run()).toEqual({ outcome: "unknown", detail: "exit code 7: no disk" });
  });

  it("that is missing, not executable, empty or elsewhere is refused and had no effect", async () => {
    const { cwd, write } = scriptFolder();
    write("plain.sh", "#!/bin/sh\n", 0o644);
    write("empty.sh", "");
    write("bare.sh", "echo hi\n");
    mkdirSync(join(cwd, "folder"));
    symlinkSync("/bin/true", join(cwd, "link"));
    const why = async (program: string, more = {}) => {
      const end = await stepOf({ cwd, command: [program], ...more }).run();
      return `${end.outcome}: ${end.detail}`;
    };
    expect(await why("./gone.sh")).toMatch(/^refused: .*gone\.sh is not there: install it/);
    expect(await why("./plain.sh")).toMatch(/^refused: .*may not be executed/);
    expect(await why("./folder")).toMatch(/^refused: .*is a folder, not a program/);
    expect(await why("./empty.sh")).toMatch(/^refused: .*is no program: let its first line say what runs it/);
    expect(await why("./bare.sh")).toMatch(/^refused: .*is no program/);
    expect(await why("./link")).toMatch(/^refused: \.\/link leads outside/);
    expect(await why("/bin/true", { cwd: join(cwd, "away") })).toMatch(/^refused: the folder .*away is not there/);
    expect(await why("/bin/true", { user: "no-such-user" })).toMatch(/^refused: this machine has no user no-such-user/);
    expect(await why("/bin/true")).toBe("done: exit code 0");
  });

  it("that hangs is ended with its children at its timeout, and nobody knows what it did", async () => {
    const { cwd } = script("#!/bin/sh\nsleep 600 &\necho $!\nsleep 600\n");
    const end = await stepOf({ cwd, command: ["./do.sh"], timeout: "700ms" }).run();
    expect(end).toMatchObject({
      outcome: "unknown",
      detail: expect.stringMatching(/^not done after 700 ms, so it was ended with all that it had started: \d+$/),
    });
    expect(isRunning(Number(/\d+$/.exec(end.detail)?.[0]))).toBe(false);
  });

  it("that leaves children behind has not said that it is done", async () => {
    const { cwd } = script("#!/bin/sh\nsleep 600 &\necho $!\n");
    const end = await stepOf({ cwd, command: ["./do.sh"] }).run();
    expect(end).toMatchObject({
      outcome: "unknown",
      detail: expect.stringMatching(/^exit code 0, and left processes behind, which were ended: \d+$/),
    });
    expect(isRunning(Number(/\d+$/.exec(end.detail)?.[0]))).toBe(false);
  });

  it("may print secrets, colours, 10 MiB and bytes that are no text", async () => {
    const { cwd } = script(
      `#!${process.execPath}
process.stdout.write("x".repeat(79) + "\\n" + "y".repeat(10 * 1024 * 1024) + "\\n");
process.stdout.write("-----BEGIN RSA PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA\\nabcdefgh\\n-----END RSA PRIVATE KEY-----\\n");
process.stdout.write("\\u001b[31mDB_PASSWORD=hunter2hunter2\\u001b[0m\\n");
process.stdout.write("10 %\\r50 %\\r100 %\\n");
process.stdout.write(Buffer.from([0x6f, 0x6b, 0xff, 0x0a]));
`,
    );
    const { outcome, detail } = await stepOf({ cwd, command: ["./do.sh"] }).run();
    expect(outcome).toBe("done");
    expect(detail).toMatch(/\[redacted\] \/ DB_PASSWORD=\[redacted\] \/ 100 % \/ ok\uFFFD$/);
    expect(detail).not.toMatch(/hunter2|MIIE|abcdefgh/);
    expect(detail.length).toBeLessThan(700);
  });
});

describe("what a program prints", () => {
  it("is told while it runs: its last lines, masked and bounded, without colours", async () => {
    const { cwd, write } = script(
      `#!/bin/sh
for each in 1 2 3 4 5 6 7 8 9; do printf '\\033[32mtable %s\\033[0m PGPASSWORD=hunter2hunter2 %0200d\\n' $each 0; done
printf '10 %%\\r50 %%\\n'
until [ -e go ]; do sleep 0.05; done
echo all
`,
    );
    const { step, runner } = stepOf({ cwd, env: ["PATH"], command: ["./do.sh"] });
    const asked = Promise.withResolvers<() => string>();
    const ended = runner.run(step, { key: "req/s", elapsedMs: 0, follow: asked.resolve });
    const printed = await asked.promise;
    await vi.waitFor(() => expect(printed()).toContain("50 %"), { timeout: 60_000 });
    expect(printed()).toMatch(/table 9 PGPASSWORD=\[redacted\] 0+ \/ 50 %$/);
    expect(printed()).not.toMatch(/hunter2|10 %|\[32m/);
    expect(printed().length).toBeLessThan(700);
    write("go", "");
    expect((await ended).detail).toMatch(/^exit code 0: .*50 % \/ all$/);
  });
});

describe("what a person typed", () => {
  const { cwd } = { cwd: "/opt/prsm" };
  const planned = (command: readonly string[], value: string) => () => stepOf({ cwd, command }, { id: value });

  it("never becomes an option, another path or program text", () => {
    expect(planned(["./do.sh", "{id}"], "--force")).toThrow(
      "id begins with -, which the program would take for an option, so nothing was planned.",
    );
    expect(planned(["./do.sh", "backups/{id}.tgz"], "../../etc/passwd")).toThrow("id would lead to another path");
    expect(planned(["./do.sh", "backups/{id}"], "..")).toThrow("id would lead to another path");
    expect(planned(["./do.sh", "data-{id}.tgz"], "../../../etc/passwd")).toThrow("id would lead to another path");
    expect(planned(["./do.sh", "--file={id}"], "/etc/shadow")).toThrow("id would lead to another path");
    expect(planned(["./do.sh", "{id}"], "/etc/shadow")).toThrow("id would lead to another path");
    expect(planned(["./do.sh", "{id}"], "a/../../b")).toThrow("id would lead to another path");
    expect(planned(["./do.sh", "{id}"], "registry.example/api:1")).not.toThrow();
    expect(planned(["./do.sh", "{id}"], "a\0b")).toThrow("no argument may hold a zero byte");
    expect(planned(["./do.sh", "{id}"], "${env:HOME}")).toThrow("every user of the machine sees");
    expect(planned(["./do.sh", "--id={id}"], "--force")).not.toThrow("id begins with -");
  });
});

describe("a command that a file may not hold", () => {
  it.each([
    [["{id}"], "no argument may name the program"],
    [["backup.sh"], "write where the program is"],
    [["../other/backup.sh"], "the program lies outside cwd"],
    [["./a/../../b.sh"], "the program lies outside cwd"],
    [["./do.sh", "-{id}"], "no argument may make up an option"],
    [["./do.sh", "-v{id}"], "no argument may make up an option"],
    [["/usr/bin/date", "--{id}"], "no argument may make up an option"],
    [["./do.sh", "--with-{id}=1"], "no argument may make up an option"],
    [["/bin/sh", "-c", "echo {id}"], "no program text for sh here"],
    [["/usr/bin/env", "bash", "-lc", "ls"], "no program text for bash here"],
    [["/usr/bin/python3", "-c", "print(1)"], "no program text for python3 here"],
    [["/bin/sh", "{id}"], "no argument may name what sh runs"],
    [["/usr/bin/ssh", "db1", "restore {id}"], "ssh takes programs, code or settings"],
    [["/usr/bin/env", "{id}"], "no argument may become an option of env or the program that it runs"],
    [["/usr/bin/env", "--", "{id}"], "no argument may name or change what env runs"],
    [["/usr/bin/env", "--", "LD_PRELOAD={id}", "/bin/ls"], "no argument may name or change what env runs"],
    [["/usr/bin/env", "-S", "{id}"], "write -- before that program"],
    [["/usr/bin/sudo", "-u", "ops", "{id}"], "write -- before that program"],
    [["/usr/bin/sudo", "--chdir", "/tmp", "{id}"], "write -- before that program"],
    [["/usr/bin/sudo", "-u", "{id}", "--", "/bin/ls"], "no argument may become an option of sudo"],
    [["/usr/bin/sudo", "--", "ls", "{id}"], "write where the program is that sudo runs"],
    [["/usr/bin/sudo", "--", "/usr/bin/env", "{id}"], "no argument may become an option of env"],
    [["/usr/bin/sudo", "--", "/usr/bin/find", "/tmp", "-name", "{id}"], "find takes programs"],
    [["/usr/bin/nice", "{id}"], "no argument may become an option of nice"],
    [["/usr/bin/timeout", "5", "{id}"], "no argument may become an option of timeout"],
    [["/usr/bin/timeout", "--", "5", "{id}"], "no argument may name or change what timeout runs"],
    [["/usr/bin/xargs", "{id}"], "xargs takes programs"],
    [["/usr/bin/find", "/tmp", "-exec", "{id}", ";"], "find takes programs"],
    [["/usr/bin/git", "-c", "alias.x={id}", "x"], "git takes programs"],
    [["/usr/bin/psql", "-c", "{id}"], "psql takes programs"],
    [["/usr/bin/sed", "{id}", "file"], "sed takes programs"],
    [["/usr/bin/awk", "{id}", "file"], "awk takes programs"],
    [["/usr/bin/python3", "-W", "ignore", "{id}"], "python3 is told its script first"],
    [["/usr/bin/node", "--import", "./a.js", "{id}"], "node is told its script first"],
    [["./wrapper.sh", "/usr/bin/xargs", "{id}"], "xargs takes programs"],
    [["/bin/busybox", "sh", "{id}"], "no argument may name what sh runs"],
    [["/bin/busybox", "awk", "{id}"], "awk takes programs"],
    [["/bin/busybox", "{id}"], "the word behind busybox says which of its programs is run"],
    [["/usr/local/bin/busybox", "timeout", "5", "{id}"], "no argument may become an option of timeout"],
    [["/usr/bin/toybox", "--long", "{id}"], "the word behind toybox says which"],
    [["/usr/local/bin/bun", "run", "{id}"], "bun is told its script first"],
    [["/usr/local/bin/deno", "eval", "{id}"], "no program text for deno"],
    [["/usr/local/bin/deno", "run", "./a.ts", "{id}"], "deno is told its script first"],
    [["/usr/bin/node", "inspect", "{id}"], "node is told its script first"],
    [["/usr/bin/bash5", "{id}"], "no argument may name what bash5 runs"],
    [["/opt/py/bin/python3.12-dbg", "-m", "{id}"], "python3.12-dbg is told its script first"],
    [["/opt/bin/rbash", "{id}"], "no argument may name what rbash runs"],
    [["/usr/bin/setpriv", "--reuid", "ops", "/usr/bin/awk", "{id}"], "setpriv takes programs"],
    [["/opt/bin/gosu", "ops", "awk", "{id}"], "gosu takes programs"],
    [["/opt/bin/as", "ops", "awk", "{id}"], "awk takes programs"],
    [["/usr/bin/split", "--filter={id}", "file"], "split takes programs"],
    [["/usr/bin/tar", "--checkpoint-action={id}"], "tar takes programs"],
    [["/usr/bin/nobody-knows", "{id}"], "nobody-knows is not known to take nothing but data"],
    [["/usr/bin/sudo", "--", "/usr/sbin/run-parts", "{id}"], "run-parts takes programs"],
    [["./wrapper.sh", "/usr/bin/nobody-knows", "{id}"], "nobody-knows is not known"],
    [["/lib64/ld-linux-x86-64.so.2", "{id}"], "ld-linux"],
    [["/usr/bin/pg_dump", "{id}"], "pg_dump may be told where it connects to"],
    [["/opt/pg/bin/pg_isready-16", "-d", "{id}"], "pg_isready-16 may be told where it connects to"],
    [["/usr/bin/sudo", "-u", "postgres", "--", "/usr/bin/createdb", "{id}"], "createdb may be told where it connects"],
    [["/opt/mongo/bin/mongodump", "--uri={id}"], "mongodump may be told where it connects to"],
    [["/usr/local/bin/curl", "{id}"], "curl may be told where it connects to"],
    [["/usr/bin/sudo", "-i", "--", "./do.sh", "{id}"], "sudo -i hands its words to a shell"],
    [["/usr/bin/sudo", "-ns", "-u", "ops", "--", "./do.sh", "{id}"], "sudo -ns hands its words to a shell"],
    [["/usr/bin/sudo", "--login", "--", "./do.sh", "{id}"], "sudo --login hands its words to a shell"],
    [["/usr/bin/sudo", "-e", "--", "./do.sh", "{id}"], "sudo -e hands its words"],
    [["/usr/bin/doas", "-s", "--", "./do.sh", "{id}"], "doas -s hands its words"],
    [["/usr/bin/env", "-S", "bash -c", "--", "./do.sh", "{id}"], "env -S hands its words"],
    [["/usr/bin/env", "-iS", "bash -c", "--", "./do.sh", "{id}"], "env -iS hands its words"],
    [["/usr/bin/env", "--split=bash -c", "--", "./do.sh", "{id}"], "env --split=bash -c hands its words"],
    [["./wrapper.sh", "/usr/bin/env", "{id}"], "no argument may become an option of env"],
    [["/etc/alternatives/pager", "{id}"], "pager is not known"],
    [["/usr/games/banner", "{id}"], "banner is not known"],
    [["/run/current-system/sw/bin/ip", "netns", "exec", "a", "{id}"], "ip is not known"],
    [["/opt/homebrew/bin/nobody-knows", "{id}"], "nobody-knows is not known"],
    [["//usr/bin/ip", "netns", "exec", "a", "{id}"], "ip is not known"],
    [["/opt/../usr/./bin/ip", "netns", "exec", "a", "{id}"], "ip is not known"],
    [["/opt/gnu/gtimeout", "5", "{id}"], "no argument may become an option of timeout"],
    [["/opt/gnu/genv", "{id}"], "no argument may become an option of env"],
    [["/opt/gnu/gxargs", "{id}"], "gxargs takes programs"],
    [["/opt/gnu/gfind", "/tmp", "-name", "{id}"], "gfind takes programs"],
    [["/usr/local/bin/python-real", "{id}"], "no argument may name what python-real runs"],
    [["/usr/local/bin/bash-static", "{id}"], "no argument may name what bash-static runs"],
    [["/usr/local/bin/bash.real", "{id}"], "no argument may name what bash.real runs"],
    [["/opt/py/python3.11-dbg-x86_64-linux-gnu", "{id}"], "no argument may name what python3.11-dbg"],
    [["/usr/local/bin/busybox-x86_64", "awk", "{id}"], "awk takes programs"],
    [["/opt/bin/pythonw.exe", "-c", "x"], "no program text for pythonw.exe"],
    [["/opt/bin/ipython3", "{id}"], "no argument may name what ipython3 runs"],
    [["/opt/bin/powershell", "{id}"], "no argument may name what powershell runs"],
    [["/opt/bin/dotnet", "{id}"], "no argument may name what dotnet runs"],
    ...["R", "nu", "just", "rake", "s6-setuidgid", "chpst", "sudoedit"].map((name) => [
      [`/opt/bin/${name}`, "{id}"],
      `${name} takes programs`,
    ]),
    [["/opt/bin/tini", "{id}"], "no argument may become an option of tini"],
    [["/opt/bin/dumb-init", "--", "{id}"], "no argument may name or change what dumb-init runs"],
    [["./do.sh", "${env:DB_PASSWORD}"], "every user of the machine sees"],
  ])("%j: %s", (command, message) => {
    expect(() => stepOf({ cwd: "/opt/prsm", command }, { id: "x" })).toThrow(message);
  });

  it.each([
    [["/usr/bin/sudo", "-u", "ops", "--", "./do.sh", "{id}"]],
    [["/usr/bin/env", "--", "A=1", "/usr/bin/timeout", "--", "5", "./do.sh", "--id={id}"]],
    [["/usr/bin/python3", "./do.py", "{id}"]],
    [["/usr/bin/git", "fetch", "--tags"]],
    [["/usr/bin/find", "/tmp", "-name", "x"]],
    [["./do.sh", "find", "{id}"]],
    [["./do.sh", "push", "{id}"]],
    [["/opt/acme/bin/deploy", "{id}"]],
    [["/usr/bin/sha256sum", "{id}"]],
    [["/usr/bin/nobody-knows", "a"]],
    [["/bin/busybox", "sh", "./do.sh", "{id}"]],
    [["/usr/bin/python3.12", "./do.py", "{id}"]],
    [["/usr/bin/sudo", "-E", "-n", "--", "./do.sh", "{id}"]],
    [["/usr/bin/env", "-i", "--", "./do.sh", "{id}"]],
    [["/usr/bin/tini", "-s", "--", "./do.sh", "{id}"]],
    [["./node-exporter", "{id}"]],
    [["./git-deploy.sh", "{id}"]],
    [["./do.sh", "swift", "{id}"]],
  ])("%j is none", (command) => {
    expect(() => stepOf({ cwd: "/opt/prsm", command }, { id: "x" })).not.toThrow();
  });

  it("takes no timeout beyond an hour, no code that no program ends with, and no two ways to ask", () => {
    const command = ["./do.sh"];
    expect(() => stepOf({ cwd: "/opt", command, timeout: "2h" })).toThrow("between 100ms and 1h");
    expect(() => stepOf({ cwd: "/opt", command, exits: { 256: "done" } })).toThrow("an exit code from 0 to 255");
    expect(() => stepOf({ cwd: "/opt", command, receipt: "/r", probe: { command } })).toThrow("keep receipt or probe");
    expect(() => stepOf({ cwd: "opt", command })).toThrow("a whole path, which begins with /");
  });
});
