/** Well-known symbols that people type in lower case. The market may know others, and may not know all of these. */
const text = `
aapl abbv abnb abt acn adbe adi adp afrm aig alb amat amc amd amgn amzn aon apld appl arkk arm asml asts avgo axp azn baba bac bbai bbby
bhp bidu biib bito bkng blk bmy bntx bp brk.a brk.b bsx btc btc-usd bynd bx carr cat ccj ccl celh chpt chwy clov clsk cmcsa cmg cof
coin cop cost crm crsp crwd crwv csco csx cvna cvs cvx dal dash ddog dell dia dis dkng djt doge doge-usd dow docu dvn ebay eem enph
enron eose etn eth eth-usd etsy eurusd fcel fcx fdx fslr fubo futu gbtc gdx ge gild gld gm gme goev googl goog gpro gs gsk hd
hims hon hood hpq hut hyg ibit ibm intc intu ionq iren isrg iwm jblu jd jnj joby jpm klac kmi ko kweb lac lcid lin lly lmnd lmt
low lrcx lulu luv lyft ma mara mchp mcd mdb meta mmm mo mos mrk mrna mrvl ms msft mstr mtch mu mullen mvis ndaq nee net nflx nio nke
nkla nndm nok now nu nvax nvda nvo nvts oklo okta open opendoor orcl oscr oxy panw pbr pdd pep pfe pg pins pltr plug pm pypl qbts
qcom qqq qubt rblx rddt rgti riot rivn rklb roku rtx sbux schw se shop sklz slv smci smh smr snap snow sofi sol sol-usd soun soxl
soxs sndl spce spg spot sqqq spxl spxs spx spy sq stla svxy t tdoc tgt tigr tlry tlt tmo tna tqqq tsla tsm ttd tte tmus twlo txn
tza u uber ual udow unh unp upst ups upro usb uso uvxy v vale vix vlo vrtx vti voo vxx vz w wba wdc wday wfc wish wkhs wmt wulf x xbi
xlb xle xlf xlk xlp xlu xlv xom xpev xrp xrp-usd xrt xyz yinn zm zs
`

/** Well-known symbols. `symbols.ts` treats those that are also English words as homographs. */
export const wellKnownTickers: ReadonlySet<string> = new Set(text.split(/\s+/).filter(Boolean))
