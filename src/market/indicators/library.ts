import { createRequire } from 'node:module'

type Library = typeof import('trading-signals')

let loaded: Library | undefined

/** The library, loaded when the first indicator is worked out: it is a hundred files and 17 MB, and most processes need none. */
export function library(): Library {
  loaded ??= createRequire(import.meta.url)('trading-signals') as Library
  return loaded
}
