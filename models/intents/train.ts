// npm run train:intents: builds the intent model and the reader of numbers from frames/. With --check nothing is written, and it fails
// unless every file is the same as the one here, byte for byte.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.ts'
import { buildNumbers } from './numbers.ts'

const began = performance.now()
const say = (line: string) => console.log(line)
const built = { ...buildNumbers(say), ...build(say) }
const differing = Object.entries(built).filter(([name, bytes]) => {
  const path = join(import.meta.dirname, name)
  if (process.argv.includes('--check')) return !readFileSync(path).equals(bytes)
  writeFileSync(path, bytes)
  return false
})
console.log(JSON.parse(Buffer.from(built['card.json']).toString()).metrics)
console.log(`${Math.round((performance.now() - began) / 1000)} s`)
if (differing.length > 0) {
  console.error(`Not what is held here: ${differing.map(([name]) => name).join(', ')}`)
  process.exitCode = 1
}
