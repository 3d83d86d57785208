import { placeText } from '../../../talk/chat/place.ts'
import { thresholdsOf } from '../../../trading/accounts/rows/thresholds.ts'
import { alertsOf } from '../../../trading/price-alerts/rows/price-alerts.ts'
import { settingsOfAccount } from '../../../watch/alerts/settings.ts'
import { guardianModeOf } from '../../../watch/guardian/mode.ts'
import type { Handlers } from '../context.ts'
import { decimal, instant } from './decimals.ts'
import { allOf } from './pages.ts'

export const alertReads: Pick<Handlers, 'alerts' | 'alertSettings'> = {
  async alerts({ parts, caller }) {
    const waiting = await alertsOf(parts.db, caller.memberId)
    return allOf(
      waiting.map(({ number, symbol, above, below, createdAt }) => ({
        ...{ number, symbol, above: decimal(above), below: decimal(below) },
        createdAt: createdAt.toISOString(),
      })),
    )
  },
  async alertSettings({ parts, accountId }) {
    const { db } = parts
    const [thresholds, guardian, settings] = await Promise.all([
      thresholdsOf(db, accountId),
      guardianModeOf(db, accountId),
      settingsOfAccount(db, accountId),
    ])
    const { stop, target, milestones, decayHours, correlation, volatility, dayLoss } = thresholds
    return {
      thresholds: {
        ...{ stop: stop.toFixed(), target: target.toFixed(), dayLoss: dayLoss.toFixed() },
        milestones: milestones.map((share) => share.toFixed()),
        ...{ decayHours, correlation, volatility },
      },
      guardian,
      places: settings.map(({ place, leastUrgency, isOff, mutedUntil, mutedTypes, quiet }) => ({
        place: placeText(place),
        leastUrgency: leastUrgency ?? null,
        isOff,
        mutedUntil: instant(mutedUntil),
        mutedTypes,
        quiet: quiet ? { from: quiet.from, until: quiet.until, zone: quiet.timeZone } : null,
      })),
    }
  },
}
