import { command } from '../command.ts'

export const configCheckCommand = command({
  name: 'config check',
  takes: [{ name: '<file>', about: 'the settings of serve, such as stillwatch.yaml' }],
  about: 'Check a settings file: every problem by line and column, with what to do.',
  options: {},
  notes: () => [{ heading: 'Examples:', lines: ['stillwatch config check stillwatch.yaml'] }],
  run: async ([file = '']) => (await import('../actions/serve.ts')).configCheckAction(file),
})
