import type { Random } from '../../core/random.ts'
import { coinIdentifier, coinLatin } from './coin.ts'
import { grammar } from './expand.ts'

const listing = grammar(
  {
    line: [
      'def {f}_{f}({f}, {f}=None):',
      '    return {f}.{f}({n}) if {f} else {f}_{f}[{n}]',
      '    for {f} in {f}.values():',
      '        total_{f} += {f}.weight * {n}',
      "    assert len({f}) == {n}, '{f} {f}'",
      'class {C}{C}(Base{C}):',
      'import {f}.{f} as {f}',
      "log.info('{f} %s', {f}['{f}'])",
      'const {f}{C} = await {f}.load({n})',
      'export function {f}{C}({f}: {C}): {C}[] {',
      '  if ({f}.size > {n}) throw new {C}Error({f})',
      '  return {f}.filter((item) => item.{f} !== {n})',
      '// {f}: see {C} before changing {n}',
    ],
    failure: [
      'FAILED tests/test_{f}.py::test_{f}_{f} - {C}Error: expected {n}, got {n}',
      "TypeError: cannot read '{f}' of undefined at {f}{C} (src/{f}/{f}.ts:{n})",
      '{n} passed, {s} failed in {s}.{n}s ({f})',
      'error[E0{n}]: mismatched types, expected `{C}`, found `{C}` in {f}.rs:{n}',
      'warning: {f}_{f} is deprecated, use {f}{C} (line {n})',
    ],
    path: [
      'src/{f}/{f}.ts',
      'lib/{f}_{f}.py',
      'pkg/{f}/{f}.go',
      'app/{f}/{f}{C}.java',
      'tests/test_{f}.py',
      '{f}/Makefile',
    ],
    task: [
      'fix the failing test in {path}, it broke when we renamed {f}{C}',
      'add a --{f} flag to {path} and document it in the readme',
      'why does {f}{C} return {n} when {f} is empty? look at {path}',
      'move {f}_{f} out of {path} into its own module, keep the tests green',
      'make {path} faster, it takes {n} ms for {n} {f} rows',
      'write tests for {f}{C} in {path}, especially when {f} repeats',
      'upgrade {f} to {s}.{s} and repair whatever breaks around {path}',
      'the {f} page shows {n} twice, find out why and fix {path}',
    ],
    step: [
      'I will look at {path} first to see how {f}{C} is called.',
      'The test expects {n}, so {f}_{f} must count the {f} before it filters.',
      'Next I run the tests that touch {f}.',
      'The cause is in {path}: {f} is read before {f}{C} is set.',
      'I change {f}_{f} to take {f} as an argument and adjust {s} callers.',
      'Done: {path} now handles an empty {f}, and {s} tests cover it.',
    ],
  },
  {
    f: ({ random }) => coinIdentifier(random),
    C: ({ random }) => coinLatin(random),
    n: ({ random }) => String(random.integer(13, 998)),
    s: ({ random }) => String(random.integer(1, 9)),
  },
)

const nobody = { own: [], topics: [] }

export type CodeRule = 'line' | 'failure' | 'path' | 'task' | 'step'

export function code(random: Random, rule: CodeRule): string {
  return listing.expand(rule, { random, ...nobody })
}

/** Lines of invented source text, at least `charactersMin` long. */
export function source(random: Random, charactersMin: number): string {
  let text = ''
  while (text.length < charactersMin) text += `${code(random, 'line')}\n`
  return text
}
