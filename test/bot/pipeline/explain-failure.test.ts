import { describe, expect, it } from "vitest";
import { z } from "zod";
import { explainFailure } from "../../../src/bot/pipeline/explain-failure.ts";
import { refusalCard } from "../../../src/cards/refusal.ts";
import { BackendError, type BackendFault, UserError } from "../../../src/domain/failure.ts";
import type { Log } from "../../../src/domain/log.ts";
import { commandNamed, textOf } from "../../commands/fixtures.ts";

interface Line {
  readonly level: string;
  readonly message: string;
  readonly data: object | undefined;
}

function listening(): { log: Log; lines: Line[] } {
  const lines: Line[] = [];
  const at = (level: string) => (message: string, data?: object) => void lines.push({ level, message, data });
  const log: Log = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), child: () => log };
  return { log, lines };
}

const explain = (error: unknown) => explainFailure(error, { reference: "console::42", log: listening().log });

describe("an error", () => {
  it("that the person can mend is shown as it is", () => {
    expect(explain(new UserError("There is no system x.", "Did you mean y?"))).toMatchObject({
      outcome: "refused",
      card: { tone: "warning", summary: "There is no system x. Did you mean y?" },
    });
  });

  it("of a program that could not be started says so, and sends nobody to look for an address", () => {
    const detail = "docker compose was not started: the folder /srv/shop is not there: make it, or correct the path";
    const { card } = explain(new BackendError("compose shop", { fault: "missing", detail, isUnstarted: true }));
    expect(card).toMatchObject({
      title: "compose shop: not started",
      summary: `compose shop: ${detail}. Nothing was asked of it.`,
    });
  });

  const faults: readonly BackendFault[] = [
    "unreachable",
    "timeout",
    "refused",
    "unauthorised",
    "missing",
    "overloaded",
    "broken",
    "lost",
    "nonsense",
  ];
  it.each(faults)("of a backend that is %s says what failed and what to try, and no secret", (fault) => {
    const { outcome, card } = explain(
      new BackendError("exchange", { fault, detail: "GET http://bot:hunter2@h/x?token=abcdef123456 said no" }),
    );
    expect(outcome).toBe("failed");
    expect(card.title.startsWith("exchange: ")).toBe(true);
    expect(card.summary).toMatch(/said no\. [A-Z]/);
    expect(textOf(card)).not.toMatch(/hunter2|abcdef123456/);
  });

  it("nobody expected is logged whole and shown as a reference, without its text or stack", () => {
    const { log, lines } = listening();
    const error = new TypeError("cannot read secret of undefined");
    const { outcome, card } = explainFailure(error, { reference: "console::42", log });
    expect(outcome).toBe("failed");
    expect(card.title).toBe("Something in Wardroom broke");
    expect(textOf(card)).toContain("console::42");
    expect(textOf(card)).not.toMatch(/cannot read|at .*\.ts|TypeError/);
    expect(lines).toEqual([{ level: "error", message: "a command broke", data: { error, reference: "console::42" } }]);
    for (const odd of [undefined, null, "text", 7, { message: "x" }])
      expect(explain(odd).card.title).toBe("Something in Wardroom broke");
  });

  it("of a schema names the field", () => {
    const { error } = z.object({ limit: z.int() }).safeParse({ limit: "x" });
    expect(explain(error)).toMatchObject({
      outcome: "unreadable",
      card: { blocks: [{ items: [{ text: "limit: It must be a number." }] }] },
    });
  });
});

describe("a refusal", () => {
  it("says why and what would change it", () => {
    const verdict = {
      allowed: false,
      code: "no-grant",
      why: "Dana may not audit.",
      remedy: "It takes the role auditor.",
    } as const;
    expect(refusalCard(commandNamed("audit"), verdict)).toMatchObject({
      title: "Not allowed here: audit",
      summary: "Dana may not audit. It takes the role auditor.",
    });
    const able = ["Ana", "Boris", "Chen", "Dana", "Eve", "Fay", "Gus", "Hal", "Ida", "Jo"];
    expect(refusalCard(commandNamed("audit"), verdict, { able }).summary).toBe(
      "Dana may not audit. It takes the role auditor. Who may here: Ana, Boris, Chen, Dana, Eve, Fay, Gus, Hal and 2 more.",
    );
    expect(refusalCard(commandNamed("audit"), { allowed: true }).summary).toContain("belongs to nobody");
  });
});
