import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { fromLitellm } from './from-litellm.ts'

const config = `
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
      api_key: os.environ/OPENAI_API_KEY
      rpm: 480
  - model_name: sonnet
    litellm_params:
      model: anthropic/claude-sonnet-4
      api_key: sk-ant-in-the-file
  - model_name: claude-haiku
    litellm_params:
      model: claude-haiku
  - model_name: eu
    litellm_params:
      model: azure/gpt-4o-eu
      api_base: https://eu.example.com/
      api_key: os.environ/AZURE_API_KEY
  - model_name: own
    litellm_params:
      model: hosted_vllm/own
      api_base: http://10.0.0.7:8000/v1
litellm_settings:
  drop_params: true
general_settings:
  master_key: os.environ/MASTER_KEY
  database_url: postgresql://u:secret@db/x
`

test('upstreams and references are taken, and what is not is told', () => {
  const { settings, notes } = fromLitellm(config)
  const names = ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'MASTER_KEY']
  const read = readConfig(
    settings,
    Object.fromEntries(names.map((name) => [name, `value-of-${name}`])),
  )
  expect(read).toMatchObject({
    is: 'config',
    config: {
      admin: { token: 'value-of-MASTER_KEY' },
      keys: { mode: 'virtual' },
      upstreams: [
        { url: 'https://api.openai.com', dialect: 'openai', key: 'value-of-OPENAI_API_KEY' },
        {
          url: 'https://api.anthropic.com',
          dialect: 'anthropic',
          key: 'value-of-ANTHROPIC_API_KEY',
        },
      ],
    },
  })
  expect(notes.map((note) => note.split(/[:,]/, 1)[0])).toEqual([
    'gpt-4o',
    'sonnet as a name for claude-sonnet-4',
    'an api_key that stands in the file',
    'eu',
    'own',
    'the keys that LiteLLM issued',
    'litellm_settings',
  ])
})

test('no secret of the file is in what is told', () => {
  const { settings, notes } = fromLitellm(config)
  expect(`${settings} ${notes.join(' ')}`).not.toMatch(/sk-ant-in|secret@/)
})

test('a server of one’s own is not shown the provider’s key, and stays behind keys', () => {
  const model =
    '{model_name: m, litellm_params: {model: hosted_vllm/m, api_base: http://v:8000/v1}}'
  const { settings } = fromLitellm(
    `model_list: [${model}]\ngeneral_settings: {master_key: sk-1234}`,
  )
  const read = readConfig(settings, {})
  expect(read.is === 'config' && [read.config.upstreams, read.config.keys]).toEqual([
    [{ url: 'http://v:8000', dialect: 'openai' }],
    { mode: 'virtual' },
  ])
})

test.each([
  ['', /no model_list/],
  ['a: [', /not YAML/],
  ['model_list: []', /No model/],
  ['model_list: [{model_name: x, litellm_params: {model: bedrock/y}}, 3]', /No model/],
])('what cannot be turned into settings is told: %j', (text, said) => {
  expect(() => fromLitellm(text)).toThrow(said)
})
