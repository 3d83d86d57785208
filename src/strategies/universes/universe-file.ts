import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '../../base/refusal.ts'
import { tickerOf } from '../screeners/parameters.ts'

/** A list of symbols is never larger, in bytes. */
const longest = 1_000_000
const endings = ['.txt', '.csv'] as const
/** The most names that a refusal lists. */
const mostNamed = 10

/**
 * The symbols of the list `NAME.txt` or `NAME.csv` in the folder of universes: the first column of each line. Lines that begin with
 * `#`, a heading and quotes do not count. A name is never a path, so that chat reaches nothing else on this machine.
 */
export async function readUniverseFile(folder: string, name: string | undefined): Promise<string[] | Refusal> {
  const names = await listUniverses(folder)
  const found = name && names.find((one) => one.toLowerCase() === name.toLowerCase())
  if (!found) return noSuchList(name, names)
  for (const ending of endings) {
    const path = join(folder, `${found}${ending}`)
    const size = await stat(path).then(
      (file) => file.size,
      () => undefined,
    )
    if (size === undefined) continue
    if (size > longest) {
      const sentence = `The list ${found} is larger than ${longest / 1_000_000} MB. Nothing was started.`
      return new Refusal('NO_SUCH_LIST', sentence, 'A list has a symbol a line', { field: 'file' })
    }
    return symbolsIn(await readFile(path, 'utf8'))
  }
  return noSuchList(name, names)
}

/** The names of the lists in a folder, in order; none when there is no such folder. */
async function listUniverses(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch(() => [])
  const names = files.filter((file) => /^[a-z0-9][a-z0-9_-]{0,39}\.(txt|csv)$/i.test(file))
  return [...new Set(names.map((file) => file.replace(/\.\w+$/, '')))].sort()
}

/** The symbols of a list: the first column of each line, without a heading and lines that begin with `#`. */
export function symbolsIn(text: string): string[] {
  const words = text
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'))
    .map((line) => (line.split(/[,;\t]/)[0] ?? '').trim().replace(/^"|"$/g, ''))
  // A word that is no symbol stays, so that it counts among those that no market knows.
  return words.filter((word) => word && !/^(symbol|ticker)s?$/i.test(word)).map((word) => tickerOf(word) ?? word)
}

function noSuchList(name: string | undefined, names: string[]): Refusal {
  const sentence = name
    ? `There is no list \`${name}\`. Nothing was started.`
    : 'It was not said which list. Nothing was started.'
  const known = names.length > 0 ? `\`file\` takes ${names.slice(0, mostNamed).join(', ')}` : undefined
  return new Refusal('NO_SUCH_LIST', sentence, known ?? 'Lists are files in the folder `universes` of the desk', {
    field: 'file',
  })
}
