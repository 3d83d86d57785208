import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Progress } from './ppo.ts'

/** A place where trainings are kept, so that one that was ended goes on where it was. */
export interface Checkpoints {
  /** The progress of a training, if one of this name was kept with the same key. */
  resume(name: string, key: string): Promise<Progress | undefined>
  keep(name: string, key: string, progress: Progress): Promise<void>
}

const lists = ['weights', 'slopes', 'squares'] as const

/**
 * Checkpoints as files of a folder. `key` says all that a training depends on: progress under another key is left alone. A file is written
 * beside the old one and then takes its place, so that whoever is ended while writing leaves a whole one.
 */
export function checkpointsIn(folder: string): Checkpoints {
  const fileOf = (name: string) => path.join(folder, `${name}.json`)
  return {
    async resume(name, key) {
      const text = await readFile(fileOf(name), 'utf8').catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ENOENT') return undefined
        throw cause
      })
      if (text === undefined) return undefined
      const kept = JSON.parse(text) as Kept
      if (kept.key !== key) return undefined
      const [weights, slopes, squares] = lists.map((one) => floatsOf(kept[one])) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ]
      return { updates: kept.updates, lanes: kept.lanes, rewards: kept.rewards, weights, slopes, squares }
    },
    async keep(name, key, progress) {
      const { updates, lanes, rewards } = progress
      const [weights, slopes, squares] = lists.map((one) => textOf(progress[one])) as [string, string, string]
      await mkdir(folder, { recursive: true })
      const beside = `${fileOf(name)}.new`
      const kept: Kept = { key, updates, lanes, rewards, weights, slopes, squares }
      await writeFile(beside, JSON.stringify(kept))
      await rename(beside, fileOf(name))
    },
  }
}

/** A progress as it stands in a file: floats as base64, so that no bit is lost. */
interface Kept extends Pick<Progress, 'updates' | 'lanes' | 'rewards'> {
  key: string
  weights: string
  slopes: string
  squares: string
}

const textOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64')

const floatsOf = (text: string) => new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer)
