import type { Poster } from '../../src/talk/chat/door.ts'

/** The same way out for tests in which minutes take seconds: the platform here hears as often as it is told, and its limits are others' test. */
export function unhurried<Out extends Poster>(poster: Out): Out {
  return { ...poster, pace: undefined }
}
