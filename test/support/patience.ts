import { vi } from 'vitest'

/** In milliseconds; the same as `expect.poll` has in the settings. */
const patience = 40_000

/** Vitest has no setting for how long `vi.waitFor` waits: a second, which is little on a busy machine. */
const { waitFor } = vi
if (waitFor.name !== 'waitPatiently')
  vi.waitFor = function waitPatiently(check, options = patience) {
    const more =
      typeof options === 'object' && options.timeout === undefined ? { ...options, timeout: patience } : options
    return waitFor(check, more)
  }
