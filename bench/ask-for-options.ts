const WRONG_USE = 2;

/** What the command line asks for. Shows the help, or what is wrong, and ends the process where there is nothing to do. */
export function askForOptions<Options>(parse: (args: readonly string[]) => Options | 'help', help: string): Options {
  try {
    const options = parse(process.argv.slice(2));
    if (options !== 'help') return options;
    process.stdout.write(help);
    process.exit();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(WRONG_USE);
  }
}
