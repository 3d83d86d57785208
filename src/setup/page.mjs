import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib'
import { home, root } from './folders.mjs'

const source = join(root, 'src/web')
/** Files that take less than this, in bytes, are not worth compressing. */
const small = 600

/** The folder of the built page. */
export const pageFolder = join(home, 'page')

/**
 * Builds the page, unless it is built of these very files already: `index.html`, and `assets/` with files that are named by
 * their content, each beside its compressed forms. Takes a second. Returns the folder.
 * @param {string} [folder]
 * @returns {Promise<string>}
 */
export async function buildPage(folder = pageFolder) {
  const made = digest(...sources().map((file) => readFileSync(file)))
  const record = join(folder, 'made')
  if (existsSync(record) && readFileSync(record, 'utf8') === made) return folder
  const making = `${folder}.${process.pid}`
  rmSync(making, { recursive: true, force: true })
  const assets = join(making, 'assets')
  mkdirSync(assets, { recursive: true })
  const script = await bundle(assets)
  const style = named(
    'style.css',
    files(join(source, 'styles'))
      .map((file) => readFileSync(file, 'utf8').replaceAll(/\/\*[^*]*\*\/|^\s+/gm, ''))
      .join('\n'),
  )
  writeFileSync(join(assets, style.name), style.text)
  for (const name of ['icon.svg', 'notices.js']) {
    writeFileSync(join(making, name), readFileSync(join(source, 'static', name)))
  }
  const index = readFileSync(join(source, 'index.html'), 'utf8')
    .replace('{{script}}', `/assets/${script}`)
    .replace('{{style}}', `/assets/${style.name}`)
  writeFileSync(join(making, 'index.html'), index)
  for (const file of [...files(assets), ...files(making)]) compress(file)
  writeFileSync(join(making, 'made'), made)
  rmSync(folder, { recursive: true, force: true })
  renameSync(making, folder)
  return folder
}

/**
 * @param {string} dir
 * @returns {Promise<string>} the name of the first script
 */
async function bundle(dir) {
  const { rolldown } = await import('rolldown')
  const made = await rolldown({
    input: join(source, 'main.tsx'),
    platform: 'browser',
    transform: {
      jsx: { runtime: 'automatic', importSource: 'preact' },
      define: { 'process.env.NODE_ENV': '"production"' },
    },
    logLevel: 'silent',
  })
  const { output } = await made.write({
    dir,
    format: 'esm',
    minify: true,
    entryFileNames: '[name]-[hash].js',
    chunkFileNames: '[name]-[hash].js',
  })
  await made.close()
  return output[0].fileName
}

/** All that the page is made of. */
function sources() {
  const all = readdirSync(source, { recursive: true, withFileTypes: true })
  const own = all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return [...own.sort(), join(root, 'package-lock.json'), join(root, 'src/setup/page.mjs')]
}

/** @param {string} folder */
function files(folder) {
  const all = readdirSync(folder, { withFileTypes: true })
  return all
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(folder, name))
    .sort()
}

/**
 * @param {string} name
 * @param {string} text
 */
function named(name, text) {
  const ext = extname(name)
  return { name: `${name.slice(0, -ext.length)}-${digest(text).slice(0, 8)}${ext}`, text }
}

/** @param {string} file */
function compress(file) {
  const bytes = readFileSync(file)
  if (bytes.length < small) return
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [zlib.BROTLI_PARAM_QUALITY]: 11 } }))
}

/** @param {(string | Buffer)[]} parts */
function digest(...parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}
