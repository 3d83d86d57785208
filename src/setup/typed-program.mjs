import { join } from 'node:path'
import { begin, readDotEnv } from './begin.mjs'
import { root } from './folders.mjs'
import { deskNode, installPackages } from './packages.mjs'
import { end, ended, running, spawnBound } from './processes.mjs'

/**
 * Runs a program of the project, without a desk or a database, with the words of the command line. Paths among them are relative to the
 * folder in which it was typed. A stopped program has `lastWordsMs` to say how far it got.
 * @param {string} program
 * @param {number} lastWordsMs
 */
export const runTyped = (program, lastWordsMs) =>
  begin(async ({ stopping, insisting }) => {
    readDotEnv()
    await installPackages(stopping)
    const child = spawnBound(deskNode(), [join(root, program), ...process.argv.slice(2)], 'SIGKILL', {
      stdio: 'inherit',
      cwd: process.env.INIT_CWD ?? process.cwd(),
    })
    const code = ended(child)
    stopping.addEventListener('abort', () =>
      end(child.pid, () => running(child), [
        ['SIGINT', lastWordsMs],
        ['SIGKILL', 2_000],
      ]),
    )
    insisting.addEventListener('abort', () => child.kill('SIGKILL'))
    return code
  })
