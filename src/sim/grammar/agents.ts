import { words } from './expand.ts'

/** An open-source coding agent: every user of a version sends the same system prompt and tools. */
export type Agent = {
  readonly name: string
  readonly userAgent: string
  readonly system: string
  readonly tools: readonly unknown[]
  readonly toolNames: readonly string[]
}

function tool(name: string, description: string, parameters: readonly string[]): unknown {
  const properties = Object.fromEntries(parameters.map((key) => [key, { type: 'string' }]))
  return {
    type: 'function',
    function: {
      name,
      description,
      parameters: { type: 'object', properties, required: parameters.slice(0, 1) },
    },
  }
}

function agent(
  name: string,
  version: string,
  system: string,
  tools: readonly unknown[],
  toolNames: string,
): Agent {
  return { name, userAgent: `${name}/${version}`, system, tools, toolNames: words(toolNames) }
}

export const agents: readonly Agent[] = [
  agent(
    'brackfox-cli',
    '0.9.4 (linux; x64)',
    'You are Brackfox, a coding agent that works in a terminal beside its user. Look before you edit: open the file, find the callers, then make the smallest change that does the job. Run the tests after each edit and read what they print. Do not touch generated files or lockfiles unless asked. Say in one sentence what you will do before each tool call. When a command fails twice in the same way, stop and ask. Never commit, push or delete without being told. Finish with a summary of at most four lines.',
    [
      tool('peek', 'Show a range of lines of a file.', ['path', 'from', 'to']),
      tool('patch', 'Replace one passage of a file by another.', ['path', 'old', 'new']),
      tool('shell', 'Run a command in the project folder.', ['command']),
      tool('seek', 'Search the project for a pattern.', ['pattern']),
    ],
    'peek patch shell seek',
  ),
  agent(
    'ottermate',
    '2.3.1 node/22',
    'Ottermate pair programmer. You have a plan pad, an editor and a runner. Write the plan as a list and keep it up to date. One step at a time. Prefer the idioms already in the repository over your own. Quote file and line for every claim about the code. If a test was red before your change, report it and leave it. Think step by step about the cause before you propose a fix. Keep prose out of code comments.',
    [
      tool('plan', 'Rewrite the plan pad.', ['items']),
      tool('edit', 'Apply an edit script.', ['file', 'script']),
      tool('run', 'Run a task by name.', ['task']),
    ],
    'plan edit run',
  ),
  agent(
    'tinker-loop',
    '1.12.0 (darwin; arm64)',
    'You drive a loop of thought, tool and observation until the task is done. Tools cost time: batch what belongs together. Observations are cut after 2,000 characters; ask for the rest only if you need it. Reply with a tool call or with DONE and a short report. The user reads diffs, not essays. Secrets that appear in output must not be repeated.',
    [
      tool('open_file', 'Read a file.', ['path']),
      tool('write_file', 'Write a whole file.', ['path', 'content']),
      tool('exec', 'Execute a shell line.', ['line']),
    ],
    'open_file write_file exec',
  ),
]
