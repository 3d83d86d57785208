import path from 'node:path'

/** The folder of the shipped policy. */
export const policyFolder: string = path.join(import.meta.dirname, '../../../models/policy')
