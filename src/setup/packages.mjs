import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { home, makePassable, root } from './folders.mjs'
import { takeLock } from './lock.mjs'
import { run } from './processes.mjs'
import { SetupError, say, sayMeanwhile } from './say.mjs'

/** @typedef {{ version?: string, optional?: boolean, os?: string | string[], cpu?: string | string[], libc?: string[] }} Package */
/** @typedef {{ packages: Record<string, Package & { optionalDependencies?: Record<string, string> }> }} Lock */

const modules = join(root, 'node_modules')
const pinned = join(modules, '.bin/node')
/** npm writes this file last, when it has installed everything. */
const record = join(modules, '.package-lock.json')

/**
 * Installs the packages that package-lock.json asks for, unless they are there.
 * @param {AbortSignal} [signal]
 */
export async function installPackages(signal) {
  const lock = readLock(join(root, 'package-lock.json'))
  if (missing(lock).length === 0) return linkNode()
  const busy = join(makePassable(home), 'install.pid')
  const holder = takeLock(busy)
  if (holder) throw new SetupError(`Process ${holder} is installing the packages: start again when it is done.`)
  try {
    await install(lock, signal)
    linkNode()
  } finally {
    rmSync(busy)
  }
}

/** Links the pinned Node: npm 10 forgets this link when it removes the package for another processor. */
function linkNode() {
  const target = `../node-${process.platform}-${process.arch}/bin/node`
  if (existsSync(pinned) || !existsSync(join(modules, '.bin', target))) return
  rmSync(pinned, { force: true })
  symlinkSync(target, pinned)
}

/**
 * @param {Lock} lock
 * @param {AbortSignal} [signal]
 */
async function install(lock, signal) {
  const folders = expected(lock)
  say('Packages: installing them with npm ci; the first time takes about a minute …')
  rmSync(record, { force: true })
  const silence = sayMeanwhile((seconds) => {
    const there = folders.filter((folder) => existsSync(join(folder, 'package.json'))).length
    return `${there} of ${folders.length} packages after ${seconds} s`
  })
  try {
    await run('npm', ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'], {
      cwd: root,
      signal,
      // The models' runtime contains its binaries; its install script would download more, for graphics cards.
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', PATH: withoutModules(process.env.PATH ?? '') },
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw new SetupError(error instanceof Error ? error.message : String(error))
  } finally {
    silence()
  }
  const still = missing(lock)
  if (still.length > 0) throw new SetupError(`npm ci left out ${still.join(', ')}: is the registry within reach?`)
}

/**
 * The Node that runs the desk: the pinned one, or the user's on a system for which there is no pinned one.
 * @returns {string}
 */
export function deskNode() {
  if (existsSync(pinned)) return pinned
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath
  throw new SetupError(`The desk needs Node 22.18 or later here; this is ${process.version}.`)
}

/**
 * The command that opens the desk in the given roles. A smaller young generation than Node's default saves about 30 MB and
 * costs a busy worker a few percent.
 * @param {string[]} roles
 * @returns {[string, ...string[]]}
 */
export function deskCommand(...roles) {
  return [deskNode(), '--max-semi-space-size=8', 'src/main.ts', ...roles]
}

/**
 * The packages that are not installed as the lock says. Optional packages for other systems may be missing; those for this
 * system may not.
 * @param {Lock} lock
 */
function missing({ packages }) {
  const installed = readRecord()
  if (!installed) return ['node_modules']
  const ours = new Set(Object.keys(packages['']?.optionalDependencies ?? {}).map((name) => `node_modules/${name}`))
  return Object.entries(packages)
    .filter(([path, wanted]) => {
      const found = installed[path]
      if (found) return found.version !== wanted.version || !existsSync(join(root, path))
      return path !== '' && (!wanted.optional || (ours.has(path) && fits(wanted)))
    })
    .map(([path]) => path.replace('node_modules/', ''))
}

/** The packages that npm noted as installed; undefined when it did not finish: the note is missing, or was cut off. */
function readRecord() {
  try {
    return readLock(record).packages
  } catch {
    return undefined
  }
}

/** @param {Package} wanted */
function fits({ os, cpu }) {
  return [os ?? []].flat().includes(process.platform) && [cpu ?? []].flat().includes(process.arch)
}

/**
 * @param {string} file
 * @returns {Lock}
 */
function readLock(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/**
 * The folders of the packages that belong on this system.
 * @param {Lock} lock
 */
function expected({ packages }) {
  return Object.entries(packages)
    .filter(([path, wanted]) => path !== '' && (!wanted.os || fits(wanted)) && !wanted.libc?.includes('musl'))
    .map(([path]) => join(root, path))
}

/**
 * PATH without node_modules: npm must not run on a Node that it is about to replace.
 * @param {string} path
 */
function withoutModules(path) {
  return path
    .split(delimiter)
    .filter((folder) => !folder.startsWith(modules))
    .join(delimiter)
}
