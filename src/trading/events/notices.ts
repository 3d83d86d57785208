/** Nothing is told of events yet. */
export type EventNotice = never
