import { isHeard } from '../../sources/rules/merge.ts'
import { accountOf, presentSources } from '../../sources/sources.ts'
import { type Check, down, ok, warn } from '../check.ts'

/** A session that ends sooner, in milliseconds, was not renewed in time. */
const soonMs = 120_000

/** Sessions of linked accounts at brokers. No account is named: everybody may read this. */
export const venues: Check = {
  name: 'venue sessions',
  of: 'desk',
  stops: 'Accounts without a session send no order and learn of no fill; protection that rests at the broker rests on.',
  isToldElsewhere: true,
  async look(parts) {
    const accounts = (await presentSources(parts)).sources.filter((one) => accountOf(one))
    if (accounts.length === 0) return ok('no account is linked')
    const now = parts.clock.now().getTime()
    const refused = accounts.filter(({ isAuthenticated }) => isAuthenticated === false).length
    const away = accounts.filter((one) => !isHeard(one) && one.faults > 0).length
    const ending = accounts.filter(({ expiresAt }) => expiresAt && expiresAt.getTime() - now < soonMs).length
    const of = `of ${accounts.length} ${accounts.length === 1 ? 'account' : 'accounts'}`
    if (refused > 0) return down(`the broker refuses the session ${of}: ${refused}. \`sources\` names yours`)
    if (away > 0) return down(`the broker does not answer ${of}: ${away}. \`sources\` names yours`)
    return ending > 0
      ? warn(`sessions that end within two minutes ${of}: ${ending}`)
      : ok(`${accounts.length} in order`)
  },
}
