/** The urgency with which an event is acted on and told. */
export type Urgency = 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW'
