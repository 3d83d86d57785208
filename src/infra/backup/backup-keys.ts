import { hkdfSync, type KeyObject } from 'node:crypto'
import { BackupError } from './backup-error.ts'

/** The keys of BACKUP_KEY: the first one seals new backups, all of them open old ones. Without any, backups are not encrypted. */
export interface BackupKeys {
  first?: { id: string; key: KeyObject }
  byId: ReadonlyMap<string, { key: KeyObject }>
}

/** The first lines of a backup, which are never encrypted; everything behind them is bound to their exact text. */
export interface Head {
  version: 1
  /** The id of the key that seals it; null for a backup that is not encrypted. */
  key: string | null
  /** 32 bytes in base64, drawn for this file alone. */
  salt: string
}

/** Bytes of a key without a secret: it only makes a checksum of a backup that is not encrypted. */
const noSecret = Buffer.alloc(32)

/**
 * The key of one file. It depends on the file's salt and on the whole head, so that no two files share a key and no head fits another
 * body. Throws `BackupError` when the desk has not the key.
 */
export function fileKey(head: Head, headText: string, keys: BackupKeys): Buffer {
  const secret = head.key === null ? noSecret : keys.byId.get(head.key)?.key
  if (!secret) {
    const known = [...keys.byId.keys()].join(', ')
    throw new BackupError(
      `This backup is sealed with the key "${head.key}", and BACKUP_KEY has ${known ? `only ${known}` : 'no key'}. Put that key into BACKUP_KEY and try again.`,
    )
  }
  return Buffer.from(hkdfSync('sha256', secret, Buffer.from(head.salt, 'base64'), `deskhand backup\n${headText}`, 32))
}
