/** Nothing is told of positions yet. */
export type PositionNotice = never
