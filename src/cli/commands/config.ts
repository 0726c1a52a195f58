import { command } from '../command.ts'

export const configFromLitellmCommand = command({
  name: 'config from-litellm',
  takes: [{ name: '<file>', about: 'the config.yaml of a LiteLLM proxy' }],
  about:
    'Turn the settings of a LiteLLM proxy into those of serve; what cannot be taken is told on standard error.',
  options: {},
  notes: () => [
    {
      heading: 'Examples:',
      lines: ['stillwatch config from-litellm config.yaml > stillwatch.yaml'],
    },
  ],
  run: async ([file = '']) => (await import('../actions/config.ts')).configFromLitellmAction(file),
})

export const configCheckCommand = command({
  name: 'config check',
  takes: [{ name: '<file>', about: 'the settings of serve, such as stillwatch.yaml' }],
  about: 'Check a settings file: every problem by line and column, with what to do.',
  options: {},
  notes: () => [{ heading: 'Examples:', lines: ['stillwatch config check stillwatch.yaml'] }],
  run: async ([file = '']) => (await import('../actions/serve.ts')).configCheckAction(file),
})
