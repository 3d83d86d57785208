import { isHeard } from '../../sources/rules/merge.ts'
import { accountOf, presentSources } from '../../sources/sources.ts'
import { wordOf } from '../../sources/told.ts'
import { type Check, down, ok, warn } from '../check.ts'

/** The sources of prices, as the workers see them. */
export const providers: Check = {
  name: 'providers',
  of: 'desk',
  stops:
    'Without prices no stop, target or trail is watched, and nothing is opened; stops that rest at brokers rest on.',
  isToldElsewhere: true,
  async look(parts) {
    const words = parts.market.name.split(',').map(wordOf)
    const priced = (await presentSources(parts)).sources.filter(
      (one) => !accountOf(one) && words.includes(wordOf(one.name)),
    )
    // One that nobody has asked yet has no fault.
    const lost = priced.filter((one) => !isHeard(one) && one.faults > 0)
    const refused = priced.filter((one) => one.isAuthenticated === false)
    const names = [...new Set([...lost, ...refused].map(({ name }) => name))].join(', ')
    if (names === '') return ok(`${priced.map(({ name }) => name).join(', ')}: connected`)
    const because = [...lost, ...refused].find(({ lastFault }) => lastFault)?.lastFault?.words
    const found = `${names}: not connected${because ? ` (${because})` : ''}`
    return lost.length < priced.length ? warn(found) : down(found)
  },
}
