import { destination, type Logger, pino } from 'pino'

/** The desk's log: JSON lines with ids, to a file, or to standard error where none is named. */
export function createLog({ level, file }: { level: string; file?: string }): Logger {
  return pino(
    { level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    file ? destination({ dest: file, mkdir: true, sync: false }) : destination({ fd: 2, sync: false }),
  )
}
