import path from 'node:path'

/** The folder of the shipped forecaster. */
export const forecasterFolder: string = path.join(import.meta.dirname, '../../../models/forecaster')
