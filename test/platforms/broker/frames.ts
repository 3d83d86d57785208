import type { Agenda } from '../../contracts/venues/difficult/agenda.ts'
import type { LineDraws } from './faults.ts'

/** The end of a stream that is written to. */
export interface Pipe {
  say(text: string): void
  cut(): void
}

/** Tells news on a stream, which may be dropped, doubled, late, out of order, or cut the stream. */
export function createFrames({ draws, agenda }: { draws: LineDraws; agenda: Agenda }, { say, cut }: Pipe) {
  let held: string[] = []
  return (text: string): void => {
    if (draws.happens('cutStreams')) cut()
    else if (draws.happens('droppedFrames')) return
    else if (draws.happens('lateFrames')) agenda.after(draws.wait('frame'), () => say(text))
    else if (draws.happens('reorderedFrames')) held.push(text)
    else {
      const waiting = held
      held = []
      for (const one of draws.happens('doubledFrames') ? [text, text] : [text]) say(one)
      for (const one of waiting) say(one)
    }
  }
}
