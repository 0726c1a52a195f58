import { parse, stringify } from 'yaml'
import { StillwatchError } from '../core/error.ts'

/** Settings made of a LiteLLM proxy's `config.yaml`, as the text of a file, and what of it they lack. */
export type Converted = { readonly settings: string; readonly notes: readonly string[] }

type Tree = Readonly<Record<string, unknown>>

type Upstream = { readonly url: string; readonly dialect: string; readonly key?: string }

/** Providers of LiteLLM whose API is passed on as it is; with an address of their own where they have one. */
const providers: Readonly<Record<string, { readonly dialect: string; readonly url?: string }>> = {
  openai: { dialect: 'openai', url: 'https://api.openai.com' },
  'text-completion-openai': { dialect: 'openai', url: 'https://api.openai.com' },
  anthropic: { dialect: 'anthropic', url: 'https://api.anthropic.com' },
  hosted_vllm: { dialect: 'openai' },
  openai_like: { dialect: 'openai' },
  lm_studio: { dialect: 'openai' },
  litellm_proxy: { dialect: 'both' },
}

/**
 * Turns settings of a LiteLLM proxy (https://docs.litellm.ai/docs/proxy/configs) into those of the gateway,
 * as far as it has them. No secret is in the result: `os.environ/X` becomes `${X}`, and a key that stands in
 * the file a variable to be set. Throws `config-unusable` for what is no such file.
 */
export function fromLitellm(text: string): Converted {
  const file = treeOf(parsedYaml(text))
  const models = file === null ? null : file['model_list']
  if (file === null || !Array.isArray(models))
    throw new StillwatchError(
      'config-unusable',
      'This is no config.yaml of LiteLLM: it has no model_list.',
      {
        fix: 'Models that LiteLLM keeps in its database cannot be read here.',
      },
    )
  const notes: string[] = []
  const upstreams: Upstream[] = []
  for (const model of models) add(upstreams, treeOf(model) ?? {}, notes)
  if (upstreams.length === 0)
    throw new StillwatchError(
      'config-unusable',
      'No model in this file is behind an API that can be passed on.',
      {
        fix: 'There must be one of OpenAI, of Anthropic, or compatible, with its api_base.',
      },
    )
  const general = treeOf(file['general_settings']) ?? {}
  const token = reference(general['master_key'])
  notes.push(...leftOut(file, general))
  // A proxy that asked for keys is not replaced by one that does not.
  const guarded =
    general['master_key'] !== undefined || upstreams.some(({ key }) => key !== undefined)
  const settings = {
    ...(token === null ? {} : { admin: { token } }),
    upstreams,
    ...(guarded ? { keys: { mode: 'virtual' } } : {}),
    on_engine_loss: 'allow',
  }
  return { settings: stringify(settings), notes }
}

function add(upstreams: Upstream[], model: Tree, notes: string[]): void {
  const name = wordOf(model['model_name']) ?? 'a model'
  const params = treeOf(model['litellm_params']) ?? {}
  const asked = wordOf(params['model']) ?? ''
  const named = asked.includes('/') ? (asked.split('/', 1)[0] ?? '') : ''
  const provider = wordOf(params['custom_llm_provider']) ?? (named || guessed(asked))
  const known = Object.hasOwn(providers, provider) ? providers[provider] : undefined
  const base = wordOf(params['api_base'])
  const url = base === null ? known?.url : (reference(base) ?? base).replace(/\/+(v1\/?)?$/, '')
  if (known === undefined || url === undefined) {
    const why = known
      ? 'it has no api_base'
      : `${provider || 'its provider'} is neither OpenAI's API nor Anthropic's`
    return void notes.push(`${name}: ${why}.`)
  }
  const told = named === provider ? asked.slice(named.length + 1) : asked
  if (told !== name && told !== '*')
    notes.push(`${name} as a name for ${told}: names of models are passed on as clients send them.`)
  if (params['rpm'] !== undefined || params['tpm'] !== undefined)
    notes.push(`${name}: rpm and tpm of a model; limits here are of accounts (tiers).`)
  const before = upstreams.find((each) => each.dialect === known.dialect)
  if (before !== undefined && before.url !== url)
    return void notes.push(
      `${name}: its address, for ${before.url} comes first; one upstream answers for a dialect.`,
    )
  if (before === undefined)
    upstreams.push({
      url,
      dialect: known.dialect,
      ...keyOf(params, known.dialect, url === known.url, notes),
    })
}

/** Where LiteLLM would guess by the name as well. */
function guessed(model: string): string {
  if (model.startsWith('claude')) return 'anthropic'
  return /^(gpt-|o\d|chatgpt-|text-embedding-)/.test(model) ? 'openai' : ''
}

function keyOf(
  params: Tree,
  dialect: string,
  own: boolean,
  notes: string[],
): { readonly key?: string } {
  const key = wordOf(params['api_key'])
  // LiteLLM takes the environment's; another's server must not be shown it.
  if (key === null) return own ? { key: `\${${dialect.toUpperCase()}_API_KEY}` } : {}
  const found = reference(key)
  if (found !== null) return { key: found }
  const variable = `${dialect.toUpperCase()}_API_KEY`
  notes.push(`an api_key that stands in the file: put it into the environment as ${variable}.`)
  return { key: `\${${variable}}` }
}

/** `os.environ/X` as the gateway's files have it. */
function reference(value: unknown): string | null {
  const found = /^os\.environ\/([A-Za-z_][A-Za-z0-9_]*)$/.exec(wordOf(value) ?? '')?.[1]
  return found === undefined ? null : `\${${found}}`
}

/** Settings that mean nothing here, by name. */
function leftOut(file: Tree, general: Tree): readonly string[] {
  const master = general['master_key']
  const names = [
    ...Object.keys(file).filter((name) => name !== 'model_list' && name !== 'general_settings'),
    ...Object.keys(general)
      .filter((name) => name !== 'master_key')
      .map((name) => `general_settings.${name}`),
  ]
  return [
    ...(master === undefined || reference(master) !== null
      ? []
      : ['master_key, which stands in the file: set STILLWATCH_ADMIN_TOKEN in the environment.']),
    ...(master === undefined
      ? []
      : [
          'the keys that LiteLLM issued: it keeps hashes of them; issue new ones with "stillwatch key create".',
        ]),
    ...(names.length === 0 ? [] : [`${names.join(', ')}.`]),
  ]
}

function parsedYaml(text: string): unknown {
  try {
    return parse(text) as unknown
  } catch {
    // The library's message may quote the file, and with it a key.
    throw new StillwatchError('config-unusable', 'This file is not YAML.', {
      fix: 'Check that it is the config.yaml of LiteLLM.',
    })
  }
}

function treeOf(value: unknown): Tree | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Tree)
    : null
}

function wordOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
