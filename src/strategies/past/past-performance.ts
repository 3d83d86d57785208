import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Measured, measure } from './measure.ts'
import { readRecording } from './recording.ts'
import { tableOf } from './table.ts'

/** The lines of docs/strategies.md between which the table stands. */
const [begin, end] = ['<!-- past performance: begin -->', '<!-- past performance: end -->']
const place = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const docs = place('../../../docs/strategies.md')
const figures = place('./measured.json')

/** Every so many days are measured a second time, by themselves: few enough for a test to do it again. */
const sampleEvery = 40

/** The docs with another table. Throws when they have no place for it. */
export function withTable(text: string, measured: Measured): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/strategies.md has no lines ${begin} and ${end}`)
  return `${text.slice(0, from + begin.length)}\n${tableOf(measured)}\n${text.slice(to)}`
}

// npm run past-performance [FOLDER]: measures every strategy on recorded daily bars, and writes figures and table.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? '../shared/data/daily')
  const recording = await readRecording(folder)
  const all = { ...measure(recording), sample: { every: sampleEvery, ...measure(recording, { every: sampleEvery }) } }
  const text = JSON.stringify(all, (_, value) => (typeof value === 'number' ? Number(value.toFixed(6)) : value), 2)
  const measured = JSON.parse(text) as Measured
  await writeFile(figures, `${text}\n`)
  await writeFile(docs, withTable(await readFile(docs, 'utf8'), measured))
  console.log(tableOf(measured))
}
