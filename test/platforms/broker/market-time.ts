import { type Agenda, type HandAgenda, handAgenda, timerAgenda } from '../../contracts/venues/difficult/agenda.ts'
import { nextChange, type Phase, phaseAt } from './sessions.ts'

/** The broker's time and the phases of its market. */
export interface MarketTime {
  agenda: Agenda
  now(): Date
  phase(): Phase
  /** Ends the present phase and begins another, whatever the calendar says; undefined: the calendar's from now on. */
  set(phase: Phase | undefined): void
  /** Milliseconds that the broker's clock is ahead of the true time. */
  skew(milliseconds: number): void
  letPass(milliseconds: number): Promise<void>
  settle(): Promise<void>
  close(): void
}

/**
 * Time that a test moves by hand from a Friday morning on, with the phases of the calendar, or the machine's time, with a
 * market that is always open until a test says otherwise. `became` hears of each change of phase.
 */
export function createMarketTime(
  { isByHand, startsAt }: { isByHand: boolean; startsAt?: string },
  became: (phase: Phase, before: Phase) => void,
): MarketTime {
  const agenda = isByHand ? handAgenda(startsAt) : timerAgenda()
  let skewed = 0
  let forced: Phase | undefined = isByHand ? undefined : 'regular'
  let timer: NodeJS.Timeout | undefined
  const phase = () => forced ?? phaseAt(agenda.now())

  function set(next: Phase | undefined): void {
    const before = phase()
    forced = next
    if (phase() !== before) became(phase(), before)
    if (!isByHand) follow()
  }

  /** Waits for the calendar's next change on the machine's time. */
  function follow(): void {
    clearTimeout(timer)
    if (forced) return
    const before = phase()
    const wait = nextChange(agenda.now()).at.getTime() - agenda.now().getTime()
    timer = setTimeout(() => {
      if (phase() !== before) became(phase(), before)
      follow()
    }, wait).unref()
  }

  async function letPass(milliseconds: number): Promise<void> {
    if (!isByHand) throw new Error('the time of this server passes by itself')
    const hand = agenda as HandAgenda
    const end = agenda.now().getTime() + milliseconds
    for (;;) {
      const change = nextChange(agenda.now())
      if (forced || change.at.getTime() > end) break
      const before = phase()
      await hand.advance(change.at.getTime() - agenda.now().getTime())
      if (phase() !== before) became(phase(), before)
    }
    await hand.advance(end - agenda.now().getTime())
  }

  return {
    agenda,
    now: () => new Date(agenda.now().getTime() + skewed),
    phase,
    set,
    skew: (milliseconds) => {
      skewed = milliseconds
    },
    letPass,
    settle: () => agenda.settle(),
    close() {
      clearTimeout(timer)
      agenda.close()
    },
  }
}
