/** PASS: the evidence is on the right side of the line. NOT_YET_SHOWN: time or evidence is missing. FAIL: it is on the wrong side. */
export type Verdict = 'PASS' | 'NOT_YET_SHOWN' | 'FAIL'

export type LineUnit = 'share' | 'count' | 'days' | 'plain'

/** A line of a gate, with its verdict. */
export interface Line<Name extends string = string> {
  name: Name
  verdict: Verdict
  /** The figure of the evidence, and what it has to reach; absent where there is none. */
  figure?: number
  needs?: number
  unit: LineUnit
  /** Days of the calendar until the line passes at the present pace; absent when it passes, or when no number of days is known. */
  daysToGo?: number
  /** The thing that the verdict is about: a baseline that is not beaten, a decision that differs. */
  because?: string
}

/** The reading of a gate. */
export interface Reading<Name extends string = string> {
  /** FAIL with a line that fails, NOT_YET_SHOWN with one that is not shown, else PASS. */
  verdict: Verdict
  lines: Line<Name>[]
  /** Days of the calendar until all lines pass at the present pace; absent when it passes, or when no number of days is known. */
  daysToGo?: number
}

/** A gate of some lines. */
export function readingOf<Name extends string>(lines: Line<Name>[]): Reading<Name> {
  const open = lines.filter(({ verdict }) => verdict !== 'PASS')
  if (open.length === 0) return { verdict: 'PASS', lines }
  const days = open.map(({ daysToGo }) => daysToGo)
  const isKnown = days.every((one) => one !== undefined)
  return {
    verdict: open.some(({ verdict }) => verdict === 'FAIL') ? 'FAIL' : 'NOT_YET_SHOWN',
    lines,
    ...(isKnown && { daysToGo: Math.max(...days) }),
  }
}

/** A week of the calendar has five sessions. */
export const calendarDays = (sessions: number) => Math.max(1, Math.ceil((sessions * 7) / 5))
