import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'

/** Bytes of the proof behind each chunk. */
export const tagBytes = 16

/**
 * Seals and opens the chunks of one file with its key: AES-256-GCM when it is encrypted, otherwise the chunk as it is with a checksum.
 * The nonce is the chunk's number and whether it is the last (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015,
 * as in age): no chunk can be changed, moved, left out or cut off unnoticed.
 */
export interface ChunkSeal {
  /** The chunk as it is stored: as long as it was, and the tag behind it. */
  seal(chunk: Buffer, number: number, isLast: boolean): Buffer
  /** The chunk, or undefined when it is not the one that was stored there. */
  open(stored: Buffer, number: number, isLast: boolean): Buffer | undefined
}

export const chunkSeal = (key: Buffer, isEncrypted: boolean): ChunkSeal =>
  isEncrypted ? encrypting(key) : checking(key)

function encrypting(key: Buffer): ChunkSeal {
  return {
    seal(chunk, number, isLast) {
      const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number, isLast))
      return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()])
    },
    open(stored, number, isLast) {
      const nonce = nonceOf(number, isLast)
      const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
      cipher.setAuthTag(stored.subarray(-tagBytes))
      const chunk = cipher.update(stored.subarray(0, -tagBytes))
      try {
        return Buffer.concat([chunk, cipher.final()])
      } catch {
        return undefined
      }
    },
  }
}

function checking(key: Buffer): ChunkSeal {
  const tagOf = (chunk: Buffer, number: number, isLast: boolean) =>
    createHmac('sha256', key).update(nonceOf(number, isLast)).update(chunk).digest().subarray(0, tagBytes)
  return {
    seal: (chunk, number, isLast) => Buffer.concat([chunk, tagOf(chunk, number, isLast)]),
    open(stored, number, isLast) {
      const chunk = stored.subarray(0, -tagBytes)
      return timingSafeEqual(tagOf(chunk, number, isLast), stored.subarray(-tagBytes)) ? chunk : undefined
    },
  }
}

/** The number in eleven bytes, and one that marks the last chunk. */
function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(number), 3) // the bytes 3 to 10
  nonce[11] = isLast ? 1 : 0
  return nonce
}
