/**
 * After this silence of the stream, in milliseconds, nothing is called live any more, and the connection is made anew: the desk
 * beats every 15 s, and a busy one may be some seconds late.
 */
export const silenceMs = 22_000

/** Is a stream in this state, with its last word at `heardAt`, live at `now`? A desk that hangs breaks no connection. */
export const isHeard = ({ state }: { state: string }, heardAt: number, now: number): boolean =>
  state === 'live' && now - heardAt < silenceMs
