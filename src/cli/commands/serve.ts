import { command } from '../command.ts'
import { group, toggle, value, valueOr } from '../option.ts'
import { oneOf, text, whole } from '../quantities.ts'

export const serveOptions = {
  ...group('One upstream, without a file:', {
    upstream: value(
      '--upstream <url>',
      'the API to pass requests to, without /v1: https://api.openai.com',
      text,
    ),
    dialect: value(
      '--dialect <name>',
      'what it speaks: openai, anthropic or both; unless given, openai or anthropic for their own hosts, else both',
      oneOf(['openai', 'anthropic', 'both'] as const),
    ),
    host: value('--host <address>', 'where to listen; 127.0.0.1 unless given', text),
    port: value('--port <n>', 'where to listen; 8080 unless given, 0 for any', whole(0, 65_535)),
    adminPort: value(
      '--admin-port <n>',
      'health and metrics, on 127.0.0.1; 9090 unless given, 0 for any',
      whole(0, 65_535),
    ),
  }),
  ...group('Or all settings from a file:', {
    config: value('--config <file>', 'stillwatch.yaml; read again when it changes', text),
  }),
  noDetection: toggle(
    '--no-detection',
    'only pass requests on, and record them with --record; with --config the file says it',
  ),
  record: value(
    '--record <file>',
    'append every exchange, with its prompt and answer, as the log that audit reads; "-" is not taken',
    text,
  ),
  data: valueOr(
    '--data <dir>',
    '.stillwatch',
    'where detection keeps what it knows, and the secret by which API keys are named; made if needed',
    text,
  ),
}

export const serveCommand = command({
  name: 'serve',
  takes: [],
  about:
    'Stand in front of an LLM API: pass requests and answers on, and detect extraction while it runs.',
  options: serveOptions,
  notes: () => [
    {
      heading: 'Environment:',
      lines: [
        'STILLWATCH_ADMIN_TOKEN opens /metrics on the admin port where no file sets admin.token.',
      ],
    },
    {
      heading: 'Examples:',
      lines: [
        'stillwatch serve --upstream https://api.openai.com',
        'stillwatch serve --upstream http://127.0.0.1:8000 --port 8081 --record exchanges.jsonl',
        'stillwatch serve --config stillwatch.yaml --record exchanges.jsonl',
      ],
    },
  ],
  run: async (_, given) => (await import('../actions/serve.ts')).serveAction(given),
})
