import type { IncomingMessage } from 'node:http'
import type { Account, Mode } from './account.ts'
import { Refusal } from './refusals.ts'
import type { World } from './world.ts'

/** The accounts behind a bearer token at a moment: one of each mode at most. */
export type TokenHolders = (token: string) => Account[]

/** The account of a key or a token in a world of accounts; a key of the other world is told from an unknown one. */
export function accountOf(
  { accounts }: World,
  holders: TokenHolders,
  { keyId, secret, token }: { keyId?: string; secret?: string; token?: string },
  mode: Mode,
): Account | 'unknown' | 'elsewhere' {
  const known = token ? holders(token) : accounts.filter((one) => one.keyId === keyId && one.secret === secret)
  if (known.length === 0) return 'unknown'
  return known.find((one) => one.mode === mode) ?? 'elsewhere'
}

/** The credentials in the headers of a request. */
export function credentialsIn({ headers }: IncomingMessage): { keyId?: string; secret?: string; token?: string } {
  const bearer = /^Bearer (.+)$/i.exec(String(headers.authorization ?? ''))?.[1]
  const text = (name: string) => (typeof headers[name] === 'string' ? (headers[name] as string) : undefined)
  return { token: bearer, keyId: text('apca-api-key-id'), secret: text('apca-api-secret-key') }
}

/** The account of a request; throws its refusal. */
export function signIn(world: World, holders: TokenHolders, request: IncomingMessage, mode: Mode): Account {
  const found = accountOf(world, holders, credentialsIn(request), mode)
  if (found === 'unknown') throw new Refusal(401, 40110000, 'request is not authorized')
  if (found === 'elsewhere') throw new Refusal(403, undefined, 'forbidden.')
  return found
}
