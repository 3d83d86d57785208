import { existsSync, mkdirSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import pg from 'pg'
import { type Plugin, rolldown } from 'rolldown'
import { inject } from 'vitest'
import { root } from '../../src/setup/folders.mjs'

/** Loaded from their packages when needed: native packages, and large ones that are rarely used. */
const external = ['onnxruntime-node', '@napi-rs/canvas', 'ai', '@ai-sdk/openai-compatible', 'pino']

const source = fileURLToPath(new URL('life.ts', import.meta.url))
let made: Promise<string> | undefined

/**
 * The path of `life.ts` as one program. The first file of a run that needs it builds it from the desk's own files: a process
 * that opens a thousand files starts three times as slowly, and the tests start hundreds.
 */
export function lifeProgram(): Promise<string> {
  made ??= makeOnce(inject('programsFolder'))
  return made
}

/** Test files run in parallel: the first one builds it, the others wait for it. */
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
    plugins: [knowsItsPlace, inAscii],
  })
  await bundle.write({
    ...{ dir: making, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  })
  await bundle.close()
  renameSync(making, folder)
}

/** Lets the desk find its other files, such as models and fonts, in their places. */
const knowsItsPlace = {
  name: 'knows-its-place',
  transform(code: string, id: string) {
    if (!id.startsWith(root) || id.includes('node_modules')) return undefined
    return code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
  },
}

/** Writes other characters than those of ASCII as escapes: a text with one of them takes a process twice the memory. */
const inAscii: Plugin = {
  name: 'in-ascii',
  generateBundle(_, files) {
    for (const file of Object.values(files)) if (file.type === 'chunk') file.code = escaped(file.code)
  },
}

/** A raw template would show its escapes: it stays as it is. */
const escaped = (code: string) =>
  code.replace(/String\.raw`[^`]*`|[^\0-\x7f]/g, (found) =>
    found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
