import type { Parts } from '../../trading/parts.ts'

/** The parts of the desk that streams need. */
export type StreamParts = Pick<Parts, 'db' | 'notices' | 'clock' | 'log' | 'market' | 'redis' | 'wording'>
