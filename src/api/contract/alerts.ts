import { z } from 'zod'
import { row } from './row.ts'
import { amount, done, inAccount, moment, page, positive, symbol, urgency, whole } from './shapes.ts'

/** A price of which the member wants to hear. */
export const priceAlert = z.object({
  number: z.int(),
  symbol: z.string(),
  above: amount.nullable(),
  below: amount.nullable(),
  createdAt: moment,
})

/** The alerts of an account in one conversation. */
const place = z.object({
  place: z.string().meta({ description: 'In words' }),
  leastUrgency: urgency.nullable(),
  isOff: z.boolean(),
  mutedUntil: moment.nullable(),
  mutedTypes: z.array(z.string()),
  quiet: z.object({ from: z.string(), until: z.string(), zone: z.string() }).nullable(),
})

/** The settings by which an account is watched and its alerts are told. */
export const alertSettings = z.object({
  thresholds: z.object({
    stop: amount,
    target: amount,
    milestones: z.array(amount),
    decayHours: z.number(),
    correlation: z.number(),
    volatility: z.number(),
    dayLoss: amount,
  }),
  guardian: z.enum(['auto', 'ask', 'off']),
  places: z.array(place),
})

export const alertRows = {
  alerts: row({
    method: 'GET',
    path: '/api/alerts',
    summary: "The member's price alerts that wait",
    needs: 'reads',
    answer: page(priceAlert),
  }),
  addAlert: row({
    method: 'POST',
    path: '/api/alerts',
    summary: 'Tells the member once when a price is reached',
    needs: 'trades',
    acts: true,
    body: z
      .strictObject({ symbol, above: positive.optional(), below: positive.optional() })
      .refine(({ above, below }) => (above === undefined) !== (below === undefined), 'one of above and below'),
    answer: done,
  }),
  endAlert: row({
    method: 'DELETE',
    path: '/api/alerts/{number}',
    summary: 'Takes a price alert back',
    needs: 'trades',
    acts: true,
    params: z.strictObject({ number: whole(1, Number.MAX_SAFE_INTEGER) }),
    answer: done,
  }),
  alertSettings: row({
    method: 'GET',
    path: '/api/alerts/settings',
    summary: 'Thresholds of the watch, the mode of the guardian, and where alerts are told',
    needs: 'reads',
    query: z.strictObject(inAccount),
    answer: alertSettings,
  }),
}

export type PriceAlert = z.infer<typeof priceAlert>
export type AlertSettings = z.infer<typeof alertSettings>
