import { run } from './processes.mjs'
import { onPath } from './redis-program.mjs'
import { say } from './say.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/**
 * Finds a Chromium for the tests of the page: on the PATH, or installed now from Debian's packages where this is root. Undefined
 * where there is none: `because` is then the sentence that says how to get one.
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ path: string } | { path: undefined, because: string }>}
 */
export async function chromiumProgram(signal) {
  const there = found()
  if (there) return { path: there }
  if (onPath('apt-get') && process.getuid?.() === 0) {
    say("Chromium: installing it from this system's packages, for the tests of the page …")
    const options = { signal, env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' } }
    try {
      await run('apt-get', ['update', '-q'], options)
      await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], options)
    } catch (cause) {
      signal?.throwIfAborted()
      say(`Chromium: ${cause instanceof Error ? cause.message.split('\n').at(-1) : cause}`)
    }
  }
  const path = found()
  if (path) return { path }
  return {
    path: undefined,
    because: 'There is no Chromium here: install `chromium`, and the tests of the page run, too.',
  }
}

function found() {
  for (const name of names) {
    const path = onPath(name)
    if (path) return path
  }
}
