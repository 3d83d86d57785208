import { simInstruments } from '../../../src/market/feeds/sim/sim-instruments.ts'
import { listingOf } from '../../../src/market/names.ts'
import type { Command } from '../../../src/talk/commands/command.ts'
import { handlers } from '../../../src/talk/commands/index.ts'
import type { Classifier } from '../../../src/talk/language/classify.ts'
import { type Registry, registryOf } from '../../../src/talk/language/registry.ts'
import { symbolsOf } from '../../../src/talk/language/symbols.ts'

/** The words of a new desk, made from the files of the commands without a database. */
export function shippedRegistry(): Registry<Command> {
  const commands = Object.entries(handlers).sort(([, one], [, other]) => one.position - other.position)
  const rows = commands.map(([handler_function, { name, description, category }]) => {
    return { command: name, handler_function, description, category }
  })
  const aliases = commands.flatMap(([, { name, aliases: own }]) =>
    own.map((one) =>
      typeof one === 'string'
        ? { alias: one, command: name, words: '' }
        : { alias: one.alias, command: name, words: one.says },
    ),
  )
  return registryOf(rows, aliases, handlers)
}

/** The grammar of a new desk on the simulated market: no model, no database. */
export function shippedGrammar(): Classifier<Command> {
  return { registry: shippedRegistry(), knowsSymbol: symbolsOf(listingOf(simInstruments)) }
}
