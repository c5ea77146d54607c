/** Composition root. */
export async function main(args: readonly string[]): Promise<void> {
  process.stderr.write(`wardroom ${args.join(" ")}: not wired yet\n`);
}
