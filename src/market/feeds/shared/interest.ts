/** Symbols that somebody asked for lately: those that a polled source asks for again and again. */
export interface Interest {
  note(symbol: string): void
  /** The symbols that were asked for within two minutes. */
  symbols(): string[]
}

/** A position is asked for with every sweep, every 30 s; after this many milliseconds without a question nobody needs a symbol. */
const keptMs = 120_000

/** Creates an empty interest. */
export function createInterest(): Interest {
  const askedAt = new Map<string, number>()
  return {
    note(symbol) {
      askedAt.set(symbol, performance.now())
    },
    symbols() {
      const since = performance.now() - keptMs
      for (const [symbol, at] of askedAt) if (at < since) askedAt.delete(symbol)
      return [...askedAt.keys()]
    },
  }
}
