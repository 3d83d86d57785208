import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { numberOf } from '../random.ts'

const folder = import.meta.dirname

/** A template of a sentence, with slots in braces. Measurement and training share no frame. */
export interface Frame {
  label: string
  text: string
  /** Held back from training while the model is measured. */
  dev: boolean
}

/** A verb phrase in its forms: do, does, did, done, doing. */
export interface Verb {
  forms: Record<string, string>
  dev: boolean
}

/** One frame in five is held back; the choice depends on its words alone. */
const isDev = (text: string) => numberOf(text) % 5 === 0

/**
 * Reads every frame under `frames/`, label by label. `none-verbs` are the frames of `none` that combine with any of the
 * verbs.
 */
export function readFrames(): { frames: Frame[]; chatter: Frame[]; verbs: Verb[] } {
  const files = readdirSync(join(folder, 'frames'))
    .filter((name) => name.endsWith('.txt'))
    .sort()
  const frames = files
    .filter((name) => name !== 'none-verbs.txt')
    .flatMap((name) => linesOf(`frames/${name}`).map((text) => ({ label: name.slice(0, -4), text, dev: isDev(text) })))
  const chatter = linesOf('frames/none-verbs.txt').map((text) => ({ label: 'none', text, dev: isDev(text) }))
  const verbs = linesOf('verbs.txt').map((line) => {
    const [first = '', does = '', did = '', done = '', doing = ''] = line.split('|').map((form) => form.trim())
    return { forms: { do: first, does, did, done, doing }, dev: isDev(line) }
  })
  return { frames, chatter, verbs }
}

function linesOf(file: string): string[] {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n')
  return [...new Set(lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')))]
}
