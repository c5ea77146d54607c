/** One thing that must hold. Resolves to what is wrong in one sentence, or to undefined when all is well. */
export interface Check {
  readonly name: string;
  /** What it finds is said and takes nobody out of service. */
  readonly advisory?: boolean;
  run(): Promise<string | undefined>;
}

export interface CheckReport {
  readonly ok: boolean;
  /** `ok` or what is wrong, by the check's name. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Runs all checks at once. One that rejects or is not done after `deadlineMs` is not well, unless it only advises. Never rejects. */
export async function runChecks(checks: readonly Check[], deadlineMs: number): Promise<CheckReport> {
  const results = await Promise.all(
    checks.map(async (check) => ({
      name: check.name,
      advisory: check.advisory === true,
      problem: await outcomeOf(check, deadlineMs),
    })),
  );
  return {
    ok: results.every(({ problem, advisory }) => problem === undefined || advisory),
    checks: Object.fromEntries(results.map(({ name, problem }) => [name, problem ?? "ok"])),
  };
}

async function outcomeOf(check: Check, deadlineMs: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, deadlineMs, `no answer within ${deadlineMs} ms`);
  });
  try {
    return await Promise.race([check.run(), late]);
  } catch {
    // The page is open to whoever reaches the port, so an error's text, which may hold an address, stays in the log.
    return "the check itself failed";
  } finally {
    clearTimeout(timer);
  }
}
