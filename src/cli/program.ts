import { Command as Commander, CommanderError, Option as CommanderOption } from 'commander'
import type { Command } from './command.ts'
import { auditCommand } from './commands/audit.ts'
import { configCheckCommand, configFromLitellmCommand } from './commands/config.ts'
import { demoAuditCommand, demoGatewayCommand } from './commands/demo.ts'
import { evaluateCommand } from './commands/evaluate.ts'
import { explainCommand } from './commands/explain.ts'
import {
  keyAssignCommand,
  keyCreateCommand,
  keyListCommand,
  keyRevokeCommand,
  keyRotateCommand,
} from './commands/key.ts'
import { policyDecideCommand, policySimulateCommand } from './commands/policy.ts'
import { serveCommand } from './commands/serve.ts'
import { simulateCommand } from './commands/simulate.ts'
import { exitCodes } from './exit.ts'
import { describeFailure } from './failure.ts'
import { longFlag, type Option } from './option.ts'
import { forgiveClosedPipes } from './output.ts'
import { version } from './version.ts'

export const commands: readonly Command[] = [
  auditCommand,
  explainCommand,
  demoAuditCommand,
  demoGatewayCommand,
  simulateCommand,
  evaluateCommand,
  serveCommand,
  configCheckCommand,
  configFromLitellmCommand,
  keyCreateCommand,
  keyListCommand,
  keyRotateCommand,
  keyRevokeCommand,
  keyAssignCommand,
  policySimulateCommand,
  policyDecideCommand,
]

/** Runs one command line (without `node` and the script) and gives its exit code. Never throws. */
export async function run(words: readonly string[]): Promise<number> {
  forgiveClosedPipes()
  let exitCode = 0
  const program = makeProgram((code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(words, { from: 'user' })
    return exitCode
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : exitCodes.usage
    const failure = describeFailure(cause, process.env['STILLWATCH_DEBUG'] === '1')
    process.stderr.write(failure.text)
    return failure.exitCode
  }
}

/** What `stillwatch <command> --help` prints, at the width of a page; for docs/cli.md. */
export function helpTexts(): ReadonlyMap<string, string> {
  const program = makeProgram(() => undefined)
  const texts = new Map<string, string>()
  for (const name of ['', ...commands.map((each) => each.name)]) {
    const found = name
      .split(' ')
      .filter((word) => word !== '')
      .reduce(childOf, program)
    let text = ''
    found.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 90 })
    found.outputHelp()
    texts.set(`stillwatch ${name}`.trim(), text)
  }
  return texts
}

function makeProgram(ended: (exitCode: number) => void): Commander {
  const program = new Commander('stillwatch')
    .description(
      'Finds alleged model extraction in the logs of an LLM API, with reasons a person can check; as a gateway, it keeps the log.',
    )
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'show help')
    .helpCommand(false)
    .exitOverride()
    .showHelpAfterError('fix: "stillwatch --help" lists the commands.')
    .addHelpText('after', `\n${mainNotes}`)
  for (const each of commands) add(program, each, ended)
  return program
}

const mainNotes = `Examples:
  stillwatch audit logs/ --html report.html
  stillwatch audit --help
  stillwatch demo audit
  stillwatch serve --upstream https://api.openai.com --record exchanges.jsonl`

/** Adds a command, and for `demo audit` the `demo` it hangs on. */
function add(program: Commander, made: Command, ended: (exitCode: number) => void): void {
  const names = made.name.split(' ')
  const parent = names.slice(0, -1).reduce(childOf, program)
  const child = parent.command(names.at(-1) ?? '')
  child
    .description(made.about)
    .helpOption('--help', 'show help')
    .exitOverride()
    .showHelpAfterError(`fix: "stillwatch ${made.name} --help" shows what it takes.`)
    .addHelpText('after', () => notesText(made))
  for (const { name, about } of made.takes) child.argument(name, about)
  for (const [name, option] of Object.entries(made.options))
    child.addOption(optionFor(name, option))
  child.action(async () => {
    const given = Object.entries(made.options).map(([name, { initial }]) => [
      name,
      child.getOptionValue(name) ?? initial,
    ])
    ended(await made.run(child.args, Object.fromEntries(given) as Record<string, unknown>))
  })
}

function childOf(parent: Commander, name: string): Commander {
  const known = parent.commands.find((each) => each.name() === name)
  if (known) return known
  const inner = commands.filter((each) => each.name.startsWith(`${name} `))
  return parent
    .command(name)
    .description(inner.map((each) => `${each.name}: ${each.about}`).join(' '))
    .helpOption('--help', 'show help')
    .helpCommand(false)
    .exitOverride()
}

function optionFor(
  name: string,
  { flags, about, read, many, standard, group }: Option<unknown>,
): CommanderOption {
  const made = new CommanderOption(
    flags,
    standard === undefined ? about : `${about} (default: ${standard})`,
  )
  const flag = longFlag(flags)
  if (group !== undefined) made.helpGroup(group)
  // Values are kept under the table's names, and `--no-color` is a switch like any other.
  made.attributeName = () => name
  made.negate = false
  if (many)
    made.argParser((text, before: readonly unknown[] | undefined) => [
      ...(before ?? []),
      read?.(text, flag),
    ])
  else if (read) made.argParser((text) => read(text, flag))
  return made
}

function notesText(made: Command): string {
  const blocks = made
    .notes()
    .map(({ heading, lines }) => [heading, ...lines.map((line) => `  ${line}`)])
  return blocks.map((block) => `\n${block.join('\n')}`).join('\n')
}
