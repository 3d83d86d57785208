import { z } from 'zod'
import { Big } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'
import { defaultThresholds, type Thresholds } from '../rules/thresholds.ts'

/** A decimal between two bounds (inclusive), written as a string. */
const decimal = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,6}(\.\d{1,8})?$/)
    .transform((text) => new Big(text))
    .refine((value) => value.gte(least) && value.lte(most))

/**
 * The thresholds that an account may set, stored as JSON with decimals in strings. An invalid stored value falls back to the
 * default.
 */
const fields = {
  stop: decimal(0.0001, 0.5),
  target: decimal(0.0001, 0.5),
  milestones: z
    .array(decimal(0.0001, 100))
    .min(1)
    .max(20)
    .transform((shares) => shares.toSorted((a, b) => a.cmp(b))),
  decayHours: decimal(1, 100_000).transform(Number),
  correlation: decimal(0.01, 1).transform(Number),
  volatility: decimal(1, 100).transform(Number),
  dayLoss: decimal(0.0001, 1),
} satisfies { [Name in keyof Thresholds]: z.ZodType<Thresholds[Name]> }

export type ThresholdName = keyof Thresholds

/** Is the value valid for this threshold, and within its bounds? */
export function validThreshold(name: ThresholdName, value: unknown): boolean {
  return fields[name].safeParse(value).success
}

/** Reads the thresholds of an account from their stored JSON. */
export function readThresholds(stored: unknown): Thresholds {
  if (stored === null || typeof stored !== 'object' || Object.keys(stored).length === 0) return defaultThresholds
  const own = Object.entries(stored).flatMap(([name, value]) => {
    const parsed = Object.hasOwn(fields, name) ? fields[name as ThresholdName].safeParse(value) : undefined
    return parsed?.success ? [[name, parsed.data]] : []
  })
  return { ...defaultThresholds, ...Object.fromEntries(own) }
}

/** The thresholds of an account. */
export async function thresholdsOf(db: Db, accountId: number): Promise<Thresholds> {
  const row = await db
    .selectFrom('account_risk')
    .select('thresholds')
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return readThresholds(row?.thresholds)
}

/** Sets a threshold of an account to a valid value; undefined restores the default. */
export async function setThreshold(db: Db, accountId: number, name: ThresholdName, value: unknown): Promise<void> {
  const stored = JSON.stringify(value === undefined ? {} : { [name]: value })
  await db
    .insertInto('account_risk')
    .values({ account_id: accountId, thresholds: stored })
    .onConflict((conflict) =>
      conflict.column('account_id').doUpdateSet((eb) => ({
        thresholds: eb(eb(eb.ref('account_risk.thresholds'), '-', eb.val(name)), '||', eb.val(stored)) as never,
      })),
    )
    .execute()
}
