import { existsSync, mkdirSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import pg from 'pg'
import { rolldown } from 'rolldown'
import { inject } from 'vitest'
import { root } from '../../src/setup/folders.mjs'

/** Loaded from their packages, when they are needed: what is not JavaScript alone, and what is large and rarely wanted. */
const external = ['onnxruntime-node', '@napi-rs/canvas', 'ai', '@ai-sdk/openai-compatible', 'pino']

const source = fileURLToPath(new URL('life.ts', import.meta.url))
let made: Promise<string> | undefined

/**
 * The path of `life.ts` as one program. It is made of the desk's own files when the first file of a run asks for it:
 * a process that opens a thousand files needs three times as long, and hundreds of processes are begun.
 */
export function lifeProgram(): Promise<string> {
  made ??= makeOnce(inject('programsFolder'))
  return made
}

/** Test files run side by side: the first one makes it, the others wait for it. */
async function makeOnce(parent: string): Promise<string> {
  const folder = join(parent, 'life')
  const client = new pg.Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  await client.query('select pg_advisory_lock(2)')
  try {
    if (!existsSync(folder)) await make(folder)
  } finally {
    await client.end()
  }
  return join(folder, 'life.mjs')
}

async function make(folder: string): Promise<void> {
  const making = `${folder}.new`
  mkdirSync(making, { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(making, 'node_modules'))
  const bundle = await rolldown({
    input: source,
    platform: 'node',
    external,
    logLevel: 'silent',
    plugins: [knowsItsPlace],
  })
  await bundle.write({ dir: making, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' })
  await bundle.close()
  renameSync(making, folder)
}

/** What the desk reads beside its files, as models and fonts, it finds there still. */
const knowsItsPlace = {
  name: 'knows-its-place',
  transform(code: string, id: string) {
    if (!id.startsWith(root) || id.includes('node_modules')) return undefined
    return code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
  },
}
