import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { CredentialKey, CredentialKeys } from './credential-keys.ts'
import type { Credentials } from './credentials.ts'

/** Credentials as they are stored: encrypted with a key of their own, which the key `keyId` of the environment wraps. */
export interface Sealed {
  keyId: string
  wrappedKey: Buffer
  sealed: Buffer
}

/** The account that credentials belong to. It is authenticated with them: moved to another account they do not open. */
export interface SealedFor {
  venue: string
  /** The venue's id of the account. */
  account: string
  mode: 'paper' | 'live'
}

/** Stored credentials do not open: their key is missing from the environment, or they were changed. */
export class VaultError extends Error {
  override name = 'VaultError'
}

const cipher = 'aes-256-gcm'
const version = 1
const nonceBytes = 12
const tagBytes = 16

const stored = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keys'), keyId: z.string(), secret: z.string() }),
  z.object({
    kind: z.literal('oauth'),
    accessToken: z.string(),
    refreshToken: z.string().optional(),
    expiresAt: z.coerce.date().optional(),
  }),
])

/** Encrypts credentials with a new key, and wraps it with the first key of the environment. Throws `VaultError` without keys. */
export function seal(keys: CredentialKeys, credentials: Credentials, whose: SealedFor): Sealed {
  const by = firstOf(keys)
  const own = randomBytes(32)
  return {
    keyId: by.id,
    wrappedKey: wrap(by, own, whose),
    sealed: encrypt(createSecretKey(own), Buffer.from(JSON.stringify(credentials)), bound('credentials', whose)),
  }
}

/** Decrypts credentials. Throws `VaultError`. */
export function unseal(keys: CredentialKeys, { keyId, wrappedKey, sealed }: Sealed, whose: SealedFor): Credentials {
  const own = createSecretKey(unwrap(keys, keyId, wrappedKey, whose))
  return stored.parse(JSON.parse(decrypt(own, sealed, bound('credentials', whose)).toString()))
}

/** Wraps the key of stored credentials with the first key of the environment; the credentials themselves stay as they are. */
export function wrapAnew(keys: CredentialKeys, { keyId, wrappedKey, sealed }: Sealed, whose: SealedFor): Sealed {
  const by = firstOf(keys)
  return { keyId: by.id, wrappedKey: wrap(by, unwrap(keys, keyId, wrappedKey, whose), whose), sealed }
}

function firstOf({ first }: CredentialKeys): CredentialKey {
  if (!first) throw new VaultError('CREDENTIALS_KEYS is not set: credentials cannot be kept')
  return first
}

const wrap = (by: CredentialKey, own: Buffer, whose: SealedFor) => encrypt(by.key, own, bound(`key ${by.id}`, whose))

function unwrap(keys: CredentialKeys, keyId: string, wrapped: Buffer, whose: SealedFor): Buffer {
  const by = keys.byId.get(keyId)
  if (!by) throw new VaultError(`CREDENTIALS_KEYS has no key "${keyId}", which some credentials are kept with`)
  return decrypt(by.key, wrapped, bound(`key ${keyId}`, whose))
}

/** The additional data of a cipher text. JSON keeps its parts apart, whatever they contain. */
const bound = (what: string, { venue, account, mode }: SealedFor) =>
  Buffer.from(JSON.stringify([version, what, venue, account, mode]))

/** Version, nonce, cipher text, tag. */
function encrypt(key: KeyObject, plain: Buffer, data: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes)
  const by = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes }).setAAD(data)
  const text = Buffer.concat([by.update(plain), by.final()])
  return Buffer.concat([Buffer.of(version), nonce, text, by.getAuthTag()])
}

function decrypt(key: KeyObject, stored: Buffer, data: Buffer): Buffer {
  if (stored[0] !== version || stored.length < 1 + nonceBytes + tagBytes)
    throw new VaultError('Credentials are kept in a form that this version of the desk does not know')
  const nonce = stored.subarray(1, 1 + nonceBytes)
  const by = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes })
  by.setAAD(data).setAuthTag(stored.subarray(-tagBytes))
  try {
    return Buffer.concat([by.update(stored.subarray(1 + nonceBytes, -tagBytes)), by.final()])
  } catch (cause) {
    throw new VaultError('Credentials do not open: they were changed, or belong to another account', { cause })
  }
}
