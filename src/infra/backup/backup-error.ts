/** A backup could not be made, read or restored. The message says why and what to do, and holds no secret. */
export class BackupError extends Error {
  override name = 'BackupError'
}
