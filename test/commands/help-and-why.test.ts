import { describe, expect, it } from "vitest";
import { dana, rowsOf, run, textOf } from "./fixtures.ts";

describe("help", () => {
  it("lists what this person may do here and nothing else", async () => {
    const mine = rowsOf((await run("help")).card).map(([name]) => name);
    const hers = await run("help", {}, { person: dana });
    expect(mine).toContain("audit");
    expect(rowsOf(hers.card).map(([name]) => name)).not.toContain("audit");
    expect(rowsOf(hers.card).map(([name]) => name)).toContain("status");
    expect(hers).toMatchObject({
      private: true,
      card: { footer: "27 more need other rights or another channel: why <command> says which." },
    });
  });

  it("shows the fields of one command, of one word or two", async () => {
    const { card } = await run("help", { command: "logs" });
    expect(card.title).toBe("logs");
    expect(rowsOf(card)).toContainEqual([
      "limit",
      "no",
      "a whole number, 1 to 10000; 1000 if left out",
      "At most so many lines in the file",
    ]);
    expect((await run("help", { command: "Confirm Approve" })).card.title).toBe("confirm approve");
  });

  it("lists the commands that begin with a word, and none that this person may not use", async () => {
    const { card } = await run("help", { command: "Incidents" });
    const names = rowsOf(card).map(([name]) => String(name));
    expect(names).toContain("incident declare");
    expect(names.filter((name) => !name.startsWith("incident "))).toEqual([]);
    const hers = await run("help", { command: "incident" }, { person: dana });
    expect(rowsOf(hers.card).map(([name]) => name)).not.toContain("incident declare");
  });

  it("names the nearest command", async () => {
    await expect(run("help", { command: "lgos" })).rejects.toMatchObject({ remedy: "Did you mean logs?" });
    await expect(run("help", { command: "audit" }, { person: dana })).rejects.toThrow(
      "audit is a command that you may not use here",
    );
  });
});

describe("why", () => {
  it("says what is allowed for which system", async () => {
    expect((await run("why", { command: "status" })).card).toMatchObject({ tone: "good", title: "status: you may" });
    const { card } = await run("why", { command: "status trader" }, { person: dana });
    expect(card).toMatchObject({ tone: "bad", title: "status: you may not" });
    expect(textOf(card)).toContain(
      "trader: no. Dana may not read on trader. It takes the role viewer or operator or auditor for trader.",
    );
  });

  it("says what a right that is lacking takes", async () => {
    const { card } = await run("why", { command: "audit" }, { person: dana });
    expect(textOf(card)).toContain("Dana may not audit. It takes the role operator or auditor.");
  });

  it("does not tell which systems there are beyond those the person may see", async () => {
    const { card } = await run("why", { command: "status" }, { person: dana });
    expect(textOf(card)).not.toContain("trader");
  });

  it("tells a viewer that they may not approve, and why", async () => {
    const { card } = await run("why", { command: "confirm approve" }, { person: dana });
    expect(card).toMatchObject({ tone: "bad", title: "confirm approve: you may not" });
    expect(textOf(card)).toContain("guard: no. The channel ops does not allow approve.");
    const cancel = await run("why", { command: "confirm cancel" }, { person: dana });
    expect(cancel.card.title).toBe("confirm cancel: you may not");
  });

  it("names the nearest command", async () => {
    await expect(run("why", { command: "staus trader" })).rejects.toMatchObject({ remedy: "Did you mean status?" });
  });
});
