import { durationText } from '../../../base/format.ts'
import { standOfBackups } from '../../backups/rows.ts'
import { type Check, down, ok, warn } from '../check.ts'

/** The last good backup is not older than two rounds, and the last attempt did not fail. */
export const backups: Check = {
  name: 'backups',
  of: 'desk',
  stops: 'Nothing stops; but after a loss of the disk, all since the last good backup would be lost.',
  isCertain: true,
  async look({ db, clock, config }) {
    const { goodAt, fault } = await standOfBackups(db)
    const age = goodAt && clock.now().getTime() - goodAt.getTime()
    const last = age === undefined ? 'there is no good one' : `the last good one is ${durationText(age)} old`
    if (fault) return down(`the last one failed: ${fault} And ${last}`)
    const { BACKUP_FOLDER: folder, BACKUP_EVERY: everyMs } = config
    if (folder === undefined || everyMs === undefined) {
      const setting = folder === undefined ? 'BACKUP_FOLDER is not set' : 'BACKUP_EVERY is off'
      return age === undefined ? warn(`none is made: ${setting}`) : warn(`none is made by itself: ${setting}; ${last}`)
    }
    if (age === undefined) return warn('none was made yet')
    return age > 2 * everyMs ? down(last) : ok(last)
  },
}
