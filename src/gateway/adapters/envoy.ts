import { fileURLToPath } from 'node:url'
import {
  type GrpcObject,
  loadPackageDefinition,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceClientConstructor,
  status,
} from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { StillwatchError } from '../../core/error.ts'
import type { DecideConfig } from '../config.ts'
import { consult, mayDecide } from '../consult.ts'
import { onceKnown } from '../identity.ts'
import type { Shared } from '../server.ts'
import { type Adapter, said, type Told } from './adapter.ts'
import { nginx } from './nginx.ts'

const protos = fileURLToPath(new URL('protos', import.meta.url))

/** Envoy's ext_authz service, by its published protocol. */
export function authorization(): ServiceClientConstructor {
  const definition = loadSync('envoy/service/auth/v3/external_auth.proto', {
    includeDirs: [protos],
    defaults: true,
  })
  const path = ['envoy', 'service', 'auth', 'v3', 'Authorization']
  const found = path.reduce<GrpcObject[string] | undefined>(
    (at, name) => (at as GrpcObject | undefined)?.[name],
    loadPackageDefinition(definition),
  )
  return found as ServiceClientConstructor
}

/** What of a CheckRequest is read. */
type CheckRequest = {
  readonly attributes?: {
    readonly source?: {
      readonly address?: { readonly socketAddress?: { readonly address?: string } }
    }
    readonly request?: {
      readonly http?: {
        readonly method?: string
        readonly path?: string
        readonly headers?: Readonly<Record<string, string>>
        readonly body?: string
      }
    }
    readonly contextExtensions?: Readonly<Record<string, string>>
  }
}

type CheckResponse = {
  readonly status: { readonly code: number }
  readonly deniedResponse?: object
  readonly okResponse?: object
}

/** What Envoy asks is what nginx asks, in gRPC: it is told whether a request passes, and cannot be given another body. */
const envoy: Adapter = { ...nginx, name: 'envoy' }

/** Answers Envoy at `address`. Throws `address-unusable`. */
export async function openEnvoy(
  shared: Shared,
  decide: DecideConfig,
  port: number,
  mayAsk: MayAsk,
): Promise<{ readonly address: string; readonly close: () => void }> {
  const server = makeEnvoyServer(shared, decide, mayAsk)
  const address = await listenGrpc(server, decide.host, port)
  return { address, close: () => server.forceShutdown() }
}

function makeEnvoyServer(shared: Shared, { token }: DecideConfig, mayAsk: MayAsk): Server {
  const { limits } = shared.snapshot().config
  const server = new Server({ 'grpc.max_receive_message_length': limits.body_bytes_max })
  const check = (
    call: ServerUnaryCall<CheckRequest, CheckResponse>,
    done: sendUnaryData<CheckResponse>,
  ): void => {
    const shown = ['authorization', 'x-stillwatch-token'].flatMap((name) =>
      call.metadata.get(name).flatMap((value) => [name, String(value)]),
    )
    if (!mayAsk(shown, token))
      return done({ code: status.UNAUTHENTICATED, details: 'The token of decide.token is needed.' })
    if (shared.draining()) return done({ code: status.UNAVAILABLE, details: 'Shutting down.' })
    // Envoy's `failure_mode_allow` says what becomes of the request then.
    if (!mayDecide(shared))
      return done({ code: status.UNAVAILABLE, details: 'Detection is behind.' })
    const { raw, peer } = shownIn(call.request)
    onceKnown(
      shared.snapshot().identify(raw, { address: peer, certificate: null }),
      (admission) => {
        if (call.cancelled) return
        try {
          const given = { raw, url: '', body: undefined, identify: () => admission }
          const leave = consult(shared, envoy, given, (told) => done(null, responseOf(told)))
          call.on('cancelled', leave)
        } catch (cause) {
          const name = cause instanceof Error ? cause.name : 'unknown'
          shared.log('error', 'A question of Envoy could not be answered.', { name })
          done({ code: status.INTERNAL, details: 'This could not be answered.' })
        }
      },
    )
  }
  server.addService(authorization().service, { Check: check })
  return server
}

type MayAsk = (raw: readonly string[], token: string) => boolean

/** Headers by which an operator speaks here; a client that sends them itself is not heard. */
const ours = /^(?:x-stillwatch-|x-original-|x-forwarded-(?:uri|method)$|x-real-ip$)/

/** The request's headers, with what Envoy was told to say of it, and who sent it. */
function shownIn({ attributes = {} }: CheckRequest): {
  readonly raw: readonly string[]
  readonly peer: string | undefined
} {
  const { method = '', path = '', headers = {}, body = '' } = attributes.request?.http ?? {}
  const extensions = attributes.contextExtensions ?? {}
  const peer = attributes.source?.address?.socketAddress?.address
  const clients = Object.entries(headers).filter(
    ([name]) => !name.startsWith(':') && !ours.test(name.toLowerCase()),
  )
  const named = (extension: string): string | undefined =>
    said(headers[(extensions[extension] ?? '').toLowerCase()])
  const told: Readonly<Record<string, string | undefined>> = {
    'x-original-method': method,
    'x-original-uri': path,
    'x-real-ip': peer,
    'x-stillwatch-account': named('account_header'),
    'x-stillwatch-org': named('org_header'),
    'x-stillwatch-tier': said(extensions['tier']),
    'x-stillwatch-model': modelIn(body),
  }
  const raw = [...clients, ...Object.entries(told)].flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [name, value],
  )
  return { raw, peer }
}

/** Where Envoy was told to send the body (`with_request_body`). */
function modelIn(body: string): string | undefined {
  try {
    return said((JSON.parse(body) as { readonly model?: unknown } | null)?.model)
  } catch {
    return undefined
  }
}

function responseOf({ status: code, headers = {}, body }: Told): CheckResponse {
  const passed = code < 300
  // The error stands in the body here.
  const shown = Object.entries(headers).filter(
    ([name]) => !['x-stillwatch-error', 'x-stillwatch-status'].includes(name),
  )
  const list = [...shown, ...(passed ? [] : [['content-type', 'application/json']])]
  const options = list.map(([key, value]) => ({ header: { key, value } }))
  if (passed) return { status: { code: status.OK }, okResponse: { responseHeadersToAdd: options } }
  return {
    status: { code: status.PERMISSION_DENIED },
    deniedResponse: { status: { code }, headers: options, body: JSON.stringify(body ?? {}) },
  }
}

/** Listens; gives the address with the port that was taken. */
function listenGrpc(server: Server, host: string, port: number): Promise<string> {
  const at = host.includes(':') ? `[${host}]` : host
  return new Promise((settle, fail) => {
    server.bindAsync(`${at}:${port}`, ServerCredentials.createInsecure(), (cause, given) => {
      if (cause === null) return settle(`${at}:${given}`)
      const fix = 'Choose another address or port (decide.grpc_port), or end what uses it.'
      const message = `Cannot listen on ${at}:${port} for gRPC.`
      fail(new StillwatchError('address-unusable', message, { fix, cause }))
    })
  })
}
