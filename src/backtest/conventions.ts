/** The conventions of a run, by which its figures can be compared with those of other programs. */
export const conventions = {
  execution: 'a decision after a close is carried out at the next open, exits first; orders take whole units',
  end: 'open positions are closed at the open of the last bar, which is the last price of the run',
  bracket: 'a bar that touches stop and target counts as the stop; a gap fills at the open',
  short: 'a short position takes its value in cash, and its proceeds buy nothing',
  figures:
    'backtesting.py’s: annual figures compound geometrically over 252 days, the Sharpe ratio is the annual return by the annual volatility, the profit factor and expectancy are of the returns of trades; risk-free rate 0',
  empyrical: 'empyrical’s: the mean of simple returns by their deviation (ddof 1), times √252',
  buyAndHold: 'equal parts of all symbols, from the close before the first decision',
  cagr: 'by days of the calendar, 365.25 a year',
} as const
