import { createRequire } from 'node:module'

type Library = typeof import('trading-signals')

let loaded: Library | undefined

/** The library, loaded with the first indicator: it has a hundred files and takes 17 MB, and most processes need none. */
export function library(): Library {
  loaded ??= createRequire(import.meta.url)('trading-signals') as Library
  return loaded
}
