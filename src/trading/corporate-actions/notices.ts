/** Nothing is told of corporate actions yet. */
export type CorporateActionNotice = never
