/** A command that a person uses on somebody's message, where the platform has such a menu. It is about the symbol in the message. */
export interface Shortcut {
  /** The name in the menu. */
  title: string
  /** The id at the platform, where a manifest names it. */
  id: string
  command: string
}

/** The shortcuts of every platform that has them. */
export const shortcuts: Shortcut[] = [
  { title: 'Chart this ticker', id: 'chart_this_ticker', command: 'chart' },
  { title: 'Scale this out', id: 'scale_this_out', command: 'scaleout' },
]
