import { createSecretKey, type KeyObject } from 'node:crypto'

/** A key of the environment. `KeyObject` prints no bytes, so a log that gets hold of it shows nothing. */
export interface CredentialKey {
  id: string
  key: KeyObject
}

/** The keys that wrap the keys of stored credentials: the first one seals, all of them open. */
export interface CredentialKeys {
  /** Absent: CREDENTIALS_KEYS is not set, and nothing can be sealed. */
  first?: CredentialKey
  byId: ReadonlyMap<string, CredentialKey>
}

/** A key has so many bytes (AES-256). */
const keyBytes = 32

/** The keys in CREDENTIALS_KEYS are not right. Its message shows no value. */
export class CredentialKeysError extends Error {
  override name = 'CredentialKeysError'
}

/** Reads `new:base64,old:base64`. Throws `CredentialKeysError`. */
export function readCredentialKeys(text = ''): CredentialKeys {
  const keys = text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
    .map(readKey)
  const byId = new Map(keys.map((key) => [key.id, key]))
  if (byId.size < keys.length) throw new CredentialKeysError('names two keys with the same id')
  return { first: keys[0], byId }
}

function readKey(text: string, index: number): CredentialKey {
  const which = `key ${index + 1}`
  const [, id, encoded = ''] = /^([A-Za-z0-9_-]{1,32}):(.*)$/s.exec(text) ?? []
  if (!id) throw new CredentialKeysError(`${which} must be an id, a colon and base64, such as 2026:…`)
  const bytes = Buffer.from(encoded, 'base64')
  // Node skips characters that are no base64, so a typing error would give another key.
  const plain = encoded.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/')
  if (bytes.toString('base64').replace(/=+$/, '') !== plain) throw new CredentialKeysError(`${which} is no base64`)
  if (bytes.length !== keyBytes) throw new CredentialKeysError(`${which} must be ${keyBytes} bytes in base64`)
  return { id, key: createSecretKey(bytes) }
}
