import { Big } from '../../../base/amounts.ts'

/** An amount as the API has it; null when it is not known. */
export const decimal = (amount: Big | undefined): string | null => amount?.toFixed() ?? null

/** A stored decimal in plain digits, without zeros at its end. */
export const plain = (stored: string): string => new Big(stored).toFixed()

/** A moment as the API has it; null when there is none. */
export const instant = (at: Date | null | undefined): string | null => at?.toISOString() ?? null
