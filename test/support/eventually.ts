import { expect } from 'vitest'

/** Looks again every few milliseconds until what is expected has come. */
export const eventually = <Seen>(look: () => Seen) => expect.poll(look, { interval: 5 })
