import { InvalidArgumentError, type Command, type Option } from 'commander';

/**
 * Makes commands tell every option that is wrong and every one that is missing at once. Commander by itself ends at the
 * first.
 */
export function allAtOnce(program: Command): Command {
  const wrong = new Map<Option, string>();
  const needed = new Map<Command, Option[]>();
  for (const command of withAllBelow(program)) {
    needed.set(
      command,
      command.options.filter(({ mandatory }) => mandatory),
    );
    for (const option of command.options) {
      option.makeOptionMandatory(false);
      const { parseArg } = option;
      if (parseArg !== undefined) option.argParser(remembering(option, parseArg.bind(option), wrong));
    }
  }
  return program.hook('preAction', (_, command) => {
    const missing = (needed.get(command) ?? []).filter(
      (option) => !wrong.has(option) && command.getOptionValue(option.attributeName()) === undefined,
    );
    const problems = [
      ...wrong.values(),
      ...missing.map(({ flags }) => `error: required option '${flags}' not specified`),
    ];
    if (problems.length > 0) command.error(problems.join('\n'));
  });
}

function withAllBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withAllBelow)];
}

function remembering(
  option: Option,
  read: (text: string, previous: unknown) => unknown,
  wrong: Map<Option, string>,
): (text: string, previous: unknown) => unknown {
  return (text, previous) => {
    try {
      return read(text, previous);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      wrong.set(option, `error: option '${option.flags}' argument '${text}' is invalid. ${error.message}`);
      return undefined;
    }
  };
}
